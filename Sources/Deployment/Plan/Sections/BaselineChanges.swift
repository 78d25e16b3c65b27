import Policy

/// Parts of the baseline that are turned on or off, and what that means.
enum BaselineChanges {
    /// `coverage` holds what new connections each part decides over.
    static func sentences(
        from old: Baseline,
        to new: Baseline,
        coverage: [Baseline.Part: PlanCoverage]
    ) -> [PlanSentence] {
        Baseline.Part.allCases.filter { old.has($0) != new.has($0) }.map { part in
            let isOn = new.has(part)
            let covered = coverage[part]
            // What decides over new connections, and yet changes none of them, changes nothing that one could see.
            let kind: PlanSentence.Kind =
                part.judgesConnections && covered == nil ? .changes : isOn == part.letsPass ? .opens : .closes
            let meaning = isOn ? part.whenOn : part.whenOff
            let text = kind == .changes ? "lines pass the same packets" : meaning
            return PlanSentence(
                kind,
                nil,
                "baseline: \(part.rawValue) is \(isOn ? "on" : "off") now: \(text)",
                coverage: covered
            )
        }
    }

    /// The parts that are otherwise than the policy language has them by default.
    static func unusual(_ baseline: Baseline) -> [PlanSentence] {
        Baseline.Part.allCases.filter { Baseline().has($0) != baseline.has($0) }.map { part in
            let isOn = baseline.has(part)
            let text =
                "baseline: \(part.rawValue) is \(isOn ? "on" : "off"): \(isOn ? part.whenOn : part.whenOff)"
            return PlanSentence(.warning, nil, text)
        }
    }
}

extension Baseline.Part {
    /// It lets packets pass; the others drop them.
    var letsPass: Bool {
        switch self {
        case .loopback, .icmpErrors, .helpers, .neighbourDiscovery, .multicastListener, .dhcp, .dhcpv6: true
        case .invalid, .impossibleFlags, .spoofedLoopback, .mappedAddresses, .reversePath, .ownAddresses:
            false
        }
    }

    /// Other parts look at more of a packet than ``Approach`` has.
    fileprivate var judgesConnections: Bool {
        switch self {
        case .loopback, .neighbourDiscovery, .multicastListener: true
        case .icmpErrors, .helpers, .dhcp, .dhcpv6, .invalid, .impossibleFlags, .spoofedLoopback,
            .mappedAddresses, .reversePath, .ownAddresses:
            false
        }
    }

    fileprivate var whenOff: String {
        switch self {
        case .loopback: "programs of this host reach each other only where lines allow it"
        case .icmpErrors:
            "errors about connections are dropped, so that path MTU discovery fails and transfers hang"
        case .helpers: "connections that protocol helpers expect, such as data of FTP, need lines"
        case .invalid: "packets that connection tracking can make nothing of are not dropped first"
        case .impossibleFlags: "TCP with impossible flags, as scanners send it, is not dropped first"
        case .spoofedLoopback:
            "loopback addresses from outside are not dropped first, and may reach local services"
        case .reversePath: "sources that the routes lead to by another interface are taken as they are"
        case .ownAddresses: "addresses of this host are reached by every interface"
        case .mappedAddresses:
            "IPv6 with IPv4-mapped addresses is not dropped first, and passes bans of IPv4 by"
        case .neighbourDiscovery: "IPv6 stops working on every link, unless lines allow its ICMPv6"
        case .multicastListener: "IPv6 multicast may no longer reach this host, unless lines allow its ICMPv6"
        case .dhcp: "this host cannot renew its IPv4 address by DHCP, unless lines allow it"
        case .dhcpv6: "this host cannot renew its IPv6 address by DHCPv6, unless lines allow it"
        }
    }

    fileprivate var whenOn: String {
        switch self {
        case .loopback: "programs of this host reach each other"
        case .icmpErrors: "errors about connections pass, as path MTU discovery needs them"
        case .helpers: "connections that protocol helpers expect, such as data of FTP, pass without a line"
        case .invalid: "packets that connection tracking can make nothing of are dropped first"
        case .impossibleFlags: "TCP with impossible flags, as scanners send it, is dropped first"
        case .spoofedLoopback: "loopback addresses from outside are dropped first"
        case .reversePath:
            "what comes from a source that the routes lead to by another interface is dropped; SSH too, where they differ"
        case .ownAddresses: "what asks for an address of another interface is dropped; SSH too"
        case .mappedAddresses: "IPv6 with IPv4-mapped addresses is dropped first"
        case .neighbourDiscovery: "IPv6 finds its neighbours and routers"
        case .multicastListener: "IPv6 multicast finds this host"
        case .dhcp: "this host gets its IPv4 address by DHCP"
        case .dhcpv6: "this host gets its IPv6 address by DHCPv6"
        }
    }
}
