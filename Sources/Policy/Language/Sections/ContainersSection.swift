import Diagnostics
import PacketModel

/// `containers:`
enum ContainersSection {
    static let form = Form<Containers>(schema: Draft.keys.schema) { node, reading in
        var draft = Draft()
        guard Draft.keys.read(node, into: &draft, &reading, hint: reading.containersFix(node)),
            let outbound = draft.outbound
        else { return nil }
        var containers = Containers(
            allowsOutbound: outbound == .allow,
            published: draft.published?.compactMap(\.self) ?? [],
            origin: reading.origin(node, "containers")
        )
        if let bridges = draft.bridges { containers.bridges = bridges }
        for part in Containers.Part.allCases where draft.parts[part.rawValue] == false {
            containers.parts.remove(part)
        }
        return containers
    }

    enum Outbound: String, CaseIterable {
        case allow
        case deny
    }

    struct Draft {
        var outbound: Outbound?
        var published: [Containers.Published?]?
        var bridges: [InterfacePattern]?
        var parts = PartsDraft()

        static let keys = KeyTable<Draft>(
            "the containers section",
            [
                Key(
                    "outbound",
                    "Whether guests may start connections.",
                    .choice { word in
                        ["true", "yes", "on", "accept", "any"].contains(word)
                            ? .write("allow")
                            : ["false", "no", "off", "drop", "none", "block"].contains(word)
                                ? .write("deny") : nil
                    },
                    \.outbound,
                    isRequired: true,
                    usual: "allow"
                ),
                Key(
                    "published",
                    "Published ports, by the number that clients ask for.",
                    .list(of: PublishedDraft.form, expected: "a list of services"),
                    \.published
                ),
                Key("bridges", "Names of the bridges.", .interfaces, \.bridges),
                Key(
                    "same-bridge",
                    "Traffic between guests of one bridge passes.",
                    .boolean,
                    \.parts["same-bridge"]
                ),
                Key("host-to-bridge", "The host reaches its guests.", .boolean, \.parts["host-to-bridge"]),
                Key(
                    "guest-services",
                    "The guests' DHCP and DNS to the host pass.",
                    .boolean,
                    \.parts["guest-services"]
                ),
            ],
            synonyms: KeySynonyms.containers
        )
    }
}

/// One published port: a service, or a mapping with its sources.
struct PublishedDraft {
    var allow: ServiceSet?
    var from: AddressSet?
    var except: AddressSet?

    static let keys = KeyTable<PublishedDraft>(
        "a published port",
        [
            Key("allow", "Services with ports: one or a list.", .portServices, \.allow, isRequired: true),
            Key("from", "Source addresses.", .addresses, \.from),
            Key("except", "Addresses that `from` leaves out.", .addresses, \.except),
        ],
        elsewhere: [
            "deny": "what is not published here stays shut; `except` leaves addresses out"
        ],
        synonyms: KeySynonyms.published
    )

    /// Nil inside for what is published to nobody.
    static let form: Form<Containers.Published?> = {
        let service = Form.portServices
        let alone = Form.service.schema
        return Form(schema: ["anyOf": [alone, keys.schema]]) { node, reading in
            var draft = PublishedDraft()
            if reading.reportPublishedSlip(node) { return nil }
            if node.scalar != nil {
                draft.allow = service.read(node, &reading)
            } else if !keys.read(node, into: &draft, &reading) {
                return nil
            }
            guard let services = draft.allow else { return nil }
            return draft.published(services, node, &reading)
        }
    }()

    private func published(
        _ services: ServiceSet,
        _ node: YAMLNode,
        _ reading: inout Reading
    ) -> Containers.Published?? {
        var source = from
        if source?.isEmpty == true {
            let message = "this is published to nobody, because its set is empty"
            reading.warn("policy.line.empty", message, at: reading.firstLine(of: node))
            return .some(nil)
        }
        if let except { source = (source ?? .full).subtracting(except) }
        if source?.isEmpty == true, let entry = node.entry("except") {
            let message = "the exception leaves nothing of this line"
            reading.report("policy.except.everything", message, at: reading.firstLine(of: entry.value))
            return nil
        }
        let title = node.scalar.map { "published \($0.text)" } ?? "published " + LineTitle.title(of: node)
        return Containers.Published(services: services, source: source, origin: reading.origin(node, title))
    }
}
