import Diagnostics

/// `baseline:`, its parts by name.
enum BaselineSection {
    static let form = Form<Baseline>(schema: keys.schema) { node, reading in
        var baseline = Baseline()
        var draft = PartsDraft()
        guard keys.read(node, into: &draft, &reading, hint: reading.baselineFix(node)) else { return nil }
        let discovery = Baseline.Part.neighbourDiscovery.rawValue
        if draft[discovery] == false, let entry = node.entry(discovery) {
            reading.warn(
                "policy.baseline.discovery",
                "without neighbour discovery nothing reaches this host over IPv6, and it reaches nothing",
                at: entry.keyRange,
                notes: ["it is to IPv6 what ARP is to IPv4; lines of icmpv6 can admit parts of it"],
                fix: reading.removalFix(entry)
            )
        }
        for part in Baseline.Part.allCases {
            switch draft[part.rawValue] {
            case true?: baseline.parts.insert(part)
            case false?: baseline.parts.remove(part)
            case nil: break
            }
        }
        return baseline
    }

    static let keys = KeyTable<PartsDraft>(
        "the baseline",
        Baseline.Part.allCases.map { Key($0.rawValue, summary(of: $0), .boolean, \.[$0.rawValue]) },
        elsewhere: [
            "established": "replies always pass: this part cannot be turned off",
            "ping": "it is a service: write `- allow: ping` under `inbound:`",
        ],
        needless: ["established"],
        synonyms: KeySynonyms.baseline
    )

    private static func summary(of part: Baseline.Part) -> String {
        switch part {
        case .loopback: "Everything on the loopback interface passes."
        case .icmpErrors: "ICMP errors that belong to a connection pass."
        case .helpers: "Connections that a protocol helper expects pass; off by default."
        case .invalid: "What connection tracking can make nothing of is dropped."
        case .impossibleFlags: "Impossible combinations of TCP flags are dropped."
        case .spoofedLoopback:
            "Loopback addresses that come from outside, or are asked for there, are dropped."
        case .reversePath: "Sources that the routes lead to by another interface are dropped; off by default."
        case .ownAddresses: "What asks for an address of another interface is dropped; off by default."
        case .mappedAddresses: "IPv6 with IPv4-mapped addresses (::ffff:0:0/96) is dropped."
        case .neighbourDiscovery: "IPv6 neighbour discovery passes."
        case .multicastListener: "IPv6 multicast listener discovery passes."
        case .dhcp: "The host's own DHCP passes."
        case .dhcpv6: "The host's own DHCPv6 passes."
        }
    }
}

/// Parts that are turned on or off, by their names.
struct PartsDraft {
    private var values: [String: Bool] = [:]

    subscript(name: String) -> Bool? {
        get { values[name] }
        set { values[name] = newValue }
    }
}
