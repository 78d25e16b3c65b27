package import PacketModel

/// A packet that shows what a line does, and what the policy says of it.
package struct Witness: Hashable, Sendable {
    package enum Expectation: Hashable, Sendable {
        case passes
        /// Does not arrive; with `rest: reject` or a deny that answers it is refused, else there is silence.
        case isStopped
        /// Of so many at once, so many pass, and another source is not affected.
        case isLimited(attempts: Int, passing: Int)
    }

    /// The line that it is a witness of.
    package var origin: Origin
    package var approach: Approach
    package var expectation: Expectation
    /// What makes it differ from what the line admits: `other source`; empty for what is in the line.
    package var difference: String

    package init(origin: Origin, approach: Approach, expectation: Expectation, difference: String = "") {
        self.origin = origin
        self.approach = approach
        self.expectation = expectation
        self.difference = difference
    }
}

/// The addresses and interfaces that witnesses are made of.
package struct WitnessScene: Sendable {
    /// The host that the policy is tried on, and others that no line names.
    package struct Ends: Sendable {
        package let host: IPAddress
        package let strangers: [IPAddress]
    }

    package let ipv4: Ends
    package let ipv6: Ends
    /// The interfaces of the host: one that no line names, and one for each pattern that a line names.
    package let interfaces: [String]

    package subscript(family: IPFamily) -> Ends {
        switch family {
        case .ipv4: ipv4
        case .ipv6: ipv6
        }
    }

    /// The interface of lines that name none.
    package var anyInterface: String { interfaces[0] }

    package init(_ policy: Policy) {
        ipv4 = Self.ends(policy, .ipv4)
        ipv6 = Self.ends(policy, .ipv6)
        let patterns = Self.patterns(policy)
        let others = ["eth0", "uplink0", "wan9", "ww0"]
        let other = others.first { name in !patterns.contains { $0.matches(name) } } ?? "ww1"
        var names = [other]
        for pattern in patterns {
            let name = Self.instance(of: pattern)
            if !names.contains(name) { names.append(name) }
        }
        // What is forwarded comes in by one and leaves by another.
        if names.count == 1 { names.append(other == "eth1" ? "eth2" : "eth1") }
        interfaces = names
    }

    static let loopback = "lo"

    /// A name that the pattern matches: itself, or its stem with a number.
    package static func instance(of pattern: InterfacePattern) -> String {
        guard pattern.isWildcard else { return pattern.text }
        let stem = pattern.stem
        return stem.utf8.count < InterfacePattern.longestName ? "\(stem)0" : stem
    }

    private static func patterns(_ policy: Policy) -> [InterfacePattern] {
        let ofLines = policy.lines.flatMap { ($0.inputInterfaces ?? []) + ($0.outputInterfaces ?? []) }
        let ofTranslation = policy.nat.flatMap { ($0.inputInterfaces ?? []) + ($0.outputInterfaces ?? []) }
        // One bridge shows what all of them do.
        let ofContainers = policy.containers?.bridges.prefix(1) ?? []
        // The loopback interface is there; nothing comes to it from outside.
        return Set(ofLines + ofTranslation + ofContainers).sorted().filter { $0.text != loopback }
    }

    /// Addresses of the documentation and benchmarking networks (RFC 5737, RFC 2544, RFC 3849, RFC 9637) that no
    /// line names, as far as there are such.
    private static func ends(_ policy: Policy, _ family: IPFamily) -> Ends {
        let networks: [UInt128] =
            switch family {
            case .ipv4: [0xC633_6400, 0xCB00_7100, 0xC612_0000, 0xC613_0000, 0xC000_0200]
            case .ipv6: [0x2001_0DB8_00FE << 80, 0x2001_0DB8_0BEF << 80, 0x3FFF << 112, 0x3FFF_00AA << 96]
            }
        let named = policy.lines.reduce(AddressSet()) { set, line in
            var set = set
            for addresses in [line.source, line.destination].compactMap(\.self) where addresses != .full {
                set = set.union(addresses)
            }
            return set
        }
        let candidates = networks.flatMap { network in (7...9).map { network + $0 } }
        let free = candidates.filter { !named[family].contains($0) }
        let chosen = (free.count >= 3 ? free : candidates).map { IPAddress(family: family, value: $0) }
        return Ends(host: chosen[0], strangers: Array(chosen.dropFirst()))
    }
}
