import Kernel
package import PacketModel

/// Ports of this host that rules of others send elsewhere, or to other ports of it.
package struct PortTranslation: Hashable, Sendable {
    package enum Target: Hashable, Sendable {
        /// To a guest, or another host: what arrives is forwarded, and no line under `inbound` is about it.
        case elsewhere(String)
        /// To another port of this host, by which nobody asks.
        case here(UInt16)
        /// To a program here that takes what is meant for others.
        case proxy(UInt16?)
    }

    package var owner: String?
    package var transport: IPProtocol
    /// Those that are asked for.
    package var ports: ClosedRange<UInt16>
    package var target: Target

    package init(owner: String?, transport: IPProtocol, ports: ClosedRange<UInt16>, target: Target) {
        (self.owner, self.transport, self.ports, self.target) = (owner, transport, ports, target)
    }

    /// `tcp/8080`
    package var service: String {
        let isOne = ports.lowerBound == ports.upperBound
        return "\(transport)/\(isOne ? "\(ports.lowerBound)" : "\(ports.lowerBound)-\(ports.upperBound)")"
    }

    func isOf(_ transport: IPProtocol, _ port: UInt16) -> Bool {
        self.transport == transport && ports.contains(port)
    }
}

extension IntervalSet<UInt16> {
    init(_ ports: ClosedRange<UInt16>) {
        self.init([Interval(ports.lowerBound, ports.upperBound)].compactMap(\.self))
    }
}

extension VisibleRules {
    /// Each once, in the order of the rules.
    var translations: [PortTranslation] {
        var seen: Set<PortTranslation> = []
        return rules.flatMap(translations).filter { seen.insert($0).inserted }
    }

    private func translations(of rule: VisibleRule) -> [PortTranslation] {
        let transports = rule.transports.isEmpty ? [IPProtocol.tcp, .udp] : rule.transports
        func all(_ target: PortTranslation.Target) -> [PortTranslation] {
            transports.flatMap { transport in
                rule.ports.map {
                    PortTranslation(owner: rule.owner?.name, transport: transport, ports: $0, target: target)
                }
            }
        }
        switch rule.verdict {
        case .sendTo(let target): return all(.elsewhere(target))
        case .redirect(let port): return port.map { all(.here($0)) } ?? []
        case .transparent(let port): return all(.proxy(port))
        // A port that every node answers for a service: where it goes the next chains decide.
        case .jump: return rule.chain == "KUBE-NODEPORTS" ? all(.elsewhere("a service of the cluster")) : []
        case .lookUp(let map):
            return (maps["\(rule.table) \(map)"] ?? []).compactMap {
                Self.translation($0, transports, owner: rule.owner?.name)
            }
        case .accept, .refuse, .other: return []
        }
    }

    /// `tcp . 8080 : 192.168.200.25 . 80`, `8080 : 10.0.0.5 . 80`, `tcp . 30080 : goto service-…`
    private static func translation(
        _ element: String,
        _ transports: [IPProtocol],
        owner: String?
    ) -> PortTranslation? {
        let sides = element.split(separator: " : ", maxSplits: 1)
        guard sides.count == 2 else { return nil }
        let key = sides[0].split(separator: " . ")
        guard let ports = key.last.flatMap({ VisibleRule.ports($0, between: "-") }) else { return nil }
        guard let transport = key.lazy.compactMap(VisibleRule.transport).first ?? transports.first else {
            return nil
        }
        let isVerdict = ["goto ", "jump "].contains { sides[1].hasPrefix($0) }
        let target = isVerdict ? "a service of the cluster" : sides[1].replacing(" . ", with: ":")
        return PortTranslation(
            owner: owner,
            transport: transport,
            ports: ports,
            target: .elsewhere(String(target))
        )
    }
}
