import Compiler
import Diagnostics
import Kernel
import PacketModel
import Policy

/// The firewall of last resort, for a boot that finds nothing better: SSH and pings get in, everything gets out.
enum MinimumPolicy {
    /// `ports` are those of SSH, `sources` the addresses that it is open to; empty for every address.
    static func policy(ports: [UInt16], sources: [Prefix]) -> Policy {
        let source = SourceFile(name: "minimum", text: "")
        var policy = Policy(source: source, management: .none)
        policy.lines = [
            PolicyLine(
                direction: .inbound,
                action: .allow,
                services: ServiceSet(.tcp, IntervalSet(ports.map { Interval($0) })),
                source: sources.isEmpty ? nil : AddressSet(sources),
                origin: origin("allow ssh")
            ),
            PolicyLine(
                direction: .inbound,
                action: .allow,
                services: ServiceSet(.icmp, ICMPType.members(type: 8))
                    .union(ServiceSet(.icmpv6, ICMPType.members(type: 128))),
                origin: origin("allow ping")
            ),
            PolicyLine(direction: .outbound, action: .allow, services: .any, origin: origin("allow any")),
        ]
        return policy
    }

    /// What counts in the kernel are its lines.
    static func hasCounted(_ counters: FirewallCounters) -> Bool {
        let policy = policy(ports: [], sources: [])
        return policy.lines.map(\.origin).map(policy.comment).allSatisfy { counters.counts[$0] != nil }
    }

    private static func origin(_ title: String) -> Origin {
        Origin(line: 1, range: SourceRange(0, 0), title: title)
    }
}

extension Policy {
    /// The addresses under `management:`; none where it names none.
    var managementPrefixes: [Prefix] {
        guard let sources = management.exemptSources else { return [] }
        return IPFamily.allCases.flatMap { family in
            sources[family].intervals.flatMap { $0.prefixes(in: family) }
        }
    }
}
