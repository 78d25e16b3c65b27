package import PacketModel

/// How well SSH is reached from an address.
package enum RemoteAccess: Int, Comparable, Sendable {
    case none
    /// While a limit that others share is not used up.
    case limited
    case full

    package static func < (left: RemoteAccess, right: RemoteAccess) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension Policy {
    /// Whether this policy takes away any access to these ports of TCP that an address has under the other.
    ///
    /// By which interface and at which address of the host its packets come is not known: all that either policy tells
    /// apart are asked about.
    package func takesAway(_ remote: IPAddress, _ ports: [UInt16], from other: Policy) -> Bool {
        let (new, old) = (reduced(to: ports), other.reduced(to: ports))
        let interfaces = new.interfacesToldApart.union(old.interfacesToldApart).sorted()
        let family = remote.family
        let locals = new.localsToldApart(family).union(old.localsToldApart(family)).sorted()
        return ports.contains { port in
            interfaces.contains { interface in
                locals.contains { local in
                    let approach = Approach(
                        direction: .inbound,
                        transportProtocol: .tcp,
                        member: port,
                        source: remote,
                        destination: local,
                        inputInterface: interface
                    )
                    return new.access(approach) < old.access(approach)
                }
            }
        }
    }

    private func access(_ approach: Approach) -> RemoteAccess {
        // A ban of what leaves stops the answers.
        let answer = Approach(
            direction: .outbound,
            transportProtocol: .tcp,
            member: 0,
            source: approach.destination,
            destination: approach.source,
            outputInterface: approach.inputInterface,
            user: 0
        )
        let isSpared = management.exemptSources?.contains(approach.source) ?? false
        let concerned = lines.filter { $0.action == .deny && ($0.contains(approach) || $0.contains(answer)) }
        // A deny that names the service stands against management too: such a policy is refused.
        if concerned.contains(where: { !isSpared || !$0.isBan }) { return .none }
        switch judge(approach) {
        case .baseline, .containers, .admitted: return .full
        case .limited: return .limited
        case .banned, .denied, .dropped, .rest: return .none
        }
    }

    /// With the lines that have a part in it alone.
    private func reduced(to ports: [UInt16]) -> Policy {
        var result = self
        result.lines = lines.filter { line in
            switch line.direction {
            case .inbound: ports.contains { line.services.contains(.tcp, $0) }
            case .outbound: line.isBan
            case .forward: false
            }
        }
        return result
    }

    private var interfacesToldApart: Set<String> {
        let patterns = lines.flatMap { ($0.inputInterfaces ?? []) + ($0.outputInterfaces ?? []) }
        return Set(patterns.filter { $0.text != "lo" }.map(WitnessScene.instance)).union(["eth0", "ww0"])
    }

    private func localsToldApart(_ family: IPFamily) -> Set<IPAddress> {
        let sets = lines.compactMap { $0.direction == .inbound ? $0.destination : $0.source }
        // An address of the documentation (RFC 5737, RFC 3849) that hardly any line names.
        let other: UInt128 = family == .ipv4 ? 0xC633_64FE : 0x2001_0DB8 << 96 | 0xFE
        let named = sets.flatMap { $0[family].intervals.prefix(16).map(\.lower) }
        return Set((named.prefix(64) + [other]).map { IPAddress(family: family, value: $0) })
    }
}
