import Diagnostics
import Kernel
import PacketModel
import Policy

extension SessionPath {
    struct Doubt: Hashable, Sendable {
        /// A clause.
        var reason: String
        var fix: Fix
        /// It is known what carries the tunnel, and that the policy does not let it in.
        var isCertain: Bool
    }

    /// Why a session that takes this way could not begin anew under a policy, and what helps; nil when it could.
    ///
    /// What carries a tunnel is judged by the state that connection tracking keeps of it as long as packets come. When that
    /// is gone, because the other end was asleep, moved or began anew, the rules decide.
    func doubt(under policy: Policy) -> Doubt? {
        // What ends by itself is no way in to rely on.
        var lasting = policy
        lasting.lines.removeAll { $0.action == .allow && $0.until != nil }
        for tunnel in tunnels {
            if tunnel.flows.isEmpty {
                return Doubt(
                    reason: "this session comes through \(tunnel.name), and what carries that is not known",
                    fix: "see to it that the policy lets its packets in",
                    isCertain: false
                )
            }
            for flow in tunnel.flows where !lasting.admits(flow) {
                let source = flow.remote.map { " from \($0)" } ?? ""
                return Doubt(
                    reason:
                        "this session comes through \(tunnel.name), whose packets\(source), \(flow.service), the "
                        + "policy does not let in: it lives on as long as their state does",
                    fix: "write under inbound:  - allow: \(flow.service)",
                    isCertain: true
                )
            }
        }
        return nil
    }
}

extension Policy {
    fileprivate func admits(_ flow: OuterFlow) -> Bool {
        if judge(flow.arrival).passes { return true }
        return flow.departure.map { judge($0).passes } ?? false
    }
}

extension OuterFlow {
    /// As a policy writes it.
    fileprivate var service: String {
        if let port { return "\(transportProtocol)/\(port)" }
        let name = "\(transportProtocol)"
        return IPProtocol(name: name) == nil ? "protocol/\(transportProtocol.number)" : name
    }

    /// Somebody of whom no line is likely to speak, where the other end may be anybody (RFC 5737, RFC 3849).
    private var anybody: IPAddress {
        switch (local ?? remote)?.family ?? .ipv4 {
        case .ipv4: IPAddress(family: .ipv4, value: 0xCB00_71FD)
        case .ipv6: IPAddress(family: .ipv6, value: 0x2001_0DB8 << 96 | 0xFD)
        }
    }

    private var source: IPAddress { remote ?? anybody }

    private var here: IPAddress {
        local?.family == source.family ? local ?? source : IPAddress(family: source.family, value: 0)
    }

    fileprivate var arrival: Approach {
        Approach(
            direction: .inbound,
            transportProtocol: transportProtocol,
            member: port ?? 0,
            source: source,
            destination: here,
            inputInterface: interface
        )
    }

    /// Nil where this host would not begin it anew.
    fileprivate var departure: Approach? {
        guard let begunHere, remote != nil else { return nil }
        return Approach(
            direction: .outbound,
            transportProtocol: transportProtocol,
            member: begunHere,
            source: here,
            destination: source,
            outputInterface: interface,
            user: 0
        )
    }
}
