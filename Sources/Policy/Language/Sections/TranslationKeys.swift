import Diagnostics
import PacketModel

/// The keys of one line of `nat:`, as they are read.
struct TranslationDraft {
    var masquerade: Bool?
    var redirect: ServiceSet?
    var portForward: ServiceSet?
    var toPort: Int?
    var target: TranslationTarget?
    var from: AddressSet?
    var to: AddressSet?
    var inputInterfaces: [InterfacePattern]?
    var outputInterfaces: [InterfacePattern]?

    /// The kinds of lines; the first key of each tells them apart.
    static let kinds = [masqueradeKeys, redirectKeys, portForwardKeys]

    static let masqueradeKeys = KeyTable<TranslationDraft>(
        "a masquerade line",
        [
            Key(
                "masquerade",
                "The source becomes the address of the interface that packets leave by.",
                .onlyTrue,
                \.masquerade,
                isRequired: true
            ),
            Key(
                "out",
                "Interfaces that packets leave by.",
                .interfaces,
                \.outputInterfaces,
                isRequired: true
            ),
            source,
            destination,
        ],
        elsewhere: ["in": "where packets leave, the interface that they came by is not asked"],
        synonyms: KeySynonyms.line(interface: "out")
    )

    static let redirectKeys = KeyTable<TranslationDraft>(
        "a redirect line",
        [
            Key("redirect", "Services that are asked for.", .portServices, \.redirect, isRequired: true),
            Key("to-port", "The port of this host that answers.", .port, \.toPort, isRequired: true),
            input,
            source,
            destination,
        ],
        elsewhere: ["out": outMisplaced],
        synonyms: KeySynonyms.line(interface: "in").merging(KeySynonyms.target) { $1 }
    )

    static let portForwardKeys = KeyTable<TranslationDraft>(
        "a port-forward line",
        [
            Key(
                "port-forward",
                "Services that are asked for.",
                .portServices,
                \.portForward,
                isRequired: true
            ),
            Key(
                "to",
                "The host that answers: ADDRESS, ADDRESS:PORT or [IPv6]:PORT.",
                .target,
                \.target,
                isRequired: true
            ),
            input,
            source,
        ],
        elsewhere: ["out": outMisplaced, "to-port": "the port is part of `to`: `192.0.2.1:443`"],
        synonyms: KeySynonyms.line(interface: "in").merging(KeySynonyms.target) { $1 }
    )

    private static let outMisplaced = "where packets come in, the interface that they leave by is not known"
    private static let input = Key<TranslationDraft>(
        "in",
        "Interfaces that it came by.",
        .interfaces,
        \.inputInterfaces
    )
    private static let source = Key<TranslationDraft>("from", "Source addresses.", .addresses, \.from)
    private static let destination = Key<TranslationDraft>("to", "Destination addresses.", .addresses, \.to)
}

/// Where a port-forward leads.
struct TranslationTarget {
    let address: IPAddress
    /// Nil leaves the port as it is.
    let port: UInt16?

    static func read(_ text: String) throws(TextProblem) -> TranslationTarget {
        if let address = IPAddress(text) { return TranslationTarget(address: address, port: nil) }
        var (host, port) = (text[...], text[text.endIndex...])
        if let colon = text.lastIndex(of: ":") {
            (host, port) = (text[..<colon], text[text.index(after: colon)...])
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            let form = "write [ADDRESS]:PORT for an address of IPv6 with a port"
            throw TextProblem(
                "policy.nat.target",
                "`\(text)` is not an address with a port",
                fix: .advice(form)
            )
        }
        guard let address = IPAddress(host) else {
            let notes = ["it is written ADDRESS, ADDRESS:PORT or [IPv6]:PORT; names are not looked up"]
            throw TextProblem("policy.nat.target", "`\(host)` is not an address", host, notes: notes)
        }
        guard let number = UInt16(port), number > 0 else {
            throw TextProblem("policy.port.range", "there is no port \(port)", port, "ports are 1 to 65535")
        }
        return TranslationTarget(address: address, port: number)
    }
}

extension Form where Value == Bool {
    fileprivate static var onlyTrue: Form {
        let boolean = Form.boolean
        return Form(schema: ["const": true]) { node, reading in
            guard let value = boolean.read(node, &reading) else { return nil }
            if value { return true }
            let message = "this line translates nothing"
            reading.report("policy.nat.masquerade", message, at: node.range, fix: "leave the line out")
            return nil
        }
    }
}

extension Form where Value == TranslationTarget {
    fileprivate static var target: Form {
        let text = Form<String>.text("an address, with or without a port")
        return Form(schema: text.schema) { node, reading in
            guard let value = text.read(node, &reading) else { return nil }
            do throws(TextProblem) {
                return try TranslationTarget.read(value)
            } catch {
                let repair = error.fix == nil ? TextRepair(repairs(value).map { [$0] }) : nil
                reading.report(error, in: node, fix: repair.map { reading.fix($0, of: node) })
                return nil
            }
        }
    }

    /// `192.0.2.5/8080`, `192.0.2.5 8080`, `2001:db8::5:8080`
    private static func repairs(_ text: String) -> [String] {
        let parts = text.split { "/ ,#".contains($0) }.map(String.init)
        if parts.count == 2, let address = IPAddress(parts[0]) {
            return [address.family == .ipv4 ? "\(address):\(parts[1])" : "[\(address)]:\(parts[1])"]
        }
        guard let colon = text.lastIndex(of: ":"), let address = IPAddress(text[..<colon]),
            address.family == .ipv6
        else { return [] }
        return ["[\(address)]:\(text[text.index(after: colon)...])"]
    }
}
