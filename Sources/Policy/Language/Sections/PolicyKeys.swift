import Diagnostics
import PacketModel

/// The sections of a policy, as they are read.
struct PolicyDraft {
    var version: Int?
    var services: Defined?
    var sets: Defined?
    var interfaces: Defined?
    var inbound: [PolicyLine?]?
    var outbound: [PolicyLine?]?
    var forward: [PolicyLine?]?
    var baseline: Baseline?
    var log: LogSettings?
    var management: Management?
    var nat: [TranslationLine?]?
    var containers: Containers?
    var rest: [Direction: Policy.Rest]?
    var backend: Policy.Backend?
    var cut: Bool?

    /// Definitions first: the other sections use their names.
    static let keys = KeyTable<PolicyDraft>(
        "a policy",
        [
            Key(
                "wallwright",
                "The version of the policy language.",
                .version,
                \.version,
                isRequired: true,
                usual: "1"
            ),
            Key("services", "The policy's own services.", ServicesSection.form, \.services),
            Key("sets", "Names for addresses.", SetsSection.form, \.sets),
            Key("interfaces", "Names for interfaces.", InterfacesSection.form, \.interfaces),
            Key("inbound", "What may come to this host.", LineSection.form(.inbound), \.inbound),
            Key("outbound", "What this host may send.", LineSection.form(.outbound), \.outbound),
            Key("forward", "What may pass through this host.", LineSection.form(.forward), \.forward),
            Key("baseline", "Parts of what every host needs, on or off.", BaselineSection.form, \.baseline),
            Key("log", "What the firewall logs, and where.", LogSection.form, \.log),
            Key(
                "management",
                "What must stay reachable; it opens nothing.",
                ManagementSection.form,
                \.management
            ),
            Key("nat", "Changes of addresses and ports.", TranslationSection.form, \.nat),
            Key(
                "containers",
                "Bridges of container engines and virtual machines.",
                ContainersSection.form,
                \.containers
            ),
            Key("rest", "What becomes of everything else.", RestSection.form, \.rest),
            Key("backend", "What the policy is compiled to.", .backend, \.backend),
            Key(
                "cut",
                "Whether an apply ends the connections that this policy would not let begin.",
                .boolean,
                \.cut
            ),
        ],
        synonyms: KeySynonyms.policy
    )
}

extension Form where Value == Policy.Backend {
    fileprivate static var backend: Form {
        choice { word in
            switch word {
            case "nft", "nf_tables", "nftable", "nftables-netlink": .write("nftables")
            case "iptables-legacy", "iptables-nft", "ip6tables", "ipt", "legacy", "xtables":
                .write("iptables")
            case "default", "any", "detect", "true": .write("auto")
            default: nil
            }
        }
    }
}

extension Form where Value == Int {
    /// The one version that there is.
    static var version: Form {
        Form(schema: ["const": 1]) { node, reading in
            guard let scalar = node.scalar, scalar.kind == .integer else {
                reading.reportType(
                    node,
                    expected: "the version of the policy language",
                    fix: Fix("write wallwright: 1", [Fix.Edit(node.range, "1")], safety: .certain)
                )
                return nil
            }
            if scalar.text == "1" { return 1 }
            reading.report(
                "policy.version",
                "this program knows version 1 of the policy language",
                at: node.range,
                "version \(scalar.text)"
            )
            return nil
        }
    }
}
