import Netfilter
package import PacketModel

/// The lines of `nat:`.
extension NftablesLowering {
    mutating func addTranslation() {
        var (arriving, leaving): ([Rule], [Rule]) = ([], [])
        for line in policy.nat {
            switch line.action {
            case .masquerade: leaving += masquerade(line)
            case .redirect(let port): arriving += redirection(line, to: .redirect(port: port), family: nil)
            case .portForward(let address, let port):
                arriving += redirection(
                    line,
                    to: .destinationNAT(address, port: port),
                    family: address.family
                )
            }
        }
        addBase("prerouting", .prerouting, priority: -100, arriving)
        addBase("postrouting", .postrouting, priority: 100, leaving)
    }

    private mutating func addBase(_ name: String, _ point: Chain.Hook.Point, priority: Int, _ rules: [Rule]) {
        guard !rules.isEmpty else { return }
        let hook = Chain.Hook(kind: .nat, point: point, priority: priority, policy: .accept)
        chains.append(Chain(name, hook: hook, rules: rules.sorted { $0.contentKey < $1.contentKey }))
    }

    private func masquerade(_ line: TranslationLine) -> [Rule] {
        let sources = line.source ?? .privateNetworks
        return IPFamily.allCases.filter { !sources[$0].isEmpty }.map { family in
            Rule(
                line.interfaceConditions + [.family(family), .field(.source, in: sources[family])],
                [.counter],
                .masquerade,
                comment: policy.comment(line.origin)
            )
        }
    }

    private func redirection(_ line: TranslationLine, to verdict: Verdict, family: IPFamily?) -> [Rule] {
        var conditions = line.interfaceConditions
        // What only passes through this host is not asked of it, unless an interface is named to redirect.
        if family != nil || line.inputInterfaces == nil {
            conditions.append(.field(.destinationIsLocal, is: UInt8(1)))
        }
        let families: [IPFamily?] =
            line.source.map { source in IPFamily.allCases.filter { !source[$0].isEmpty } } ?? [family]
        return line.services.members.sorted { $0.key < $1.key }.flatMap { transportProtocol, ports in
            families.filter { $0 == nil || family == nil || $0 == family }.map { packetFamily in
                var own = conditions
                if let packetFamily {
                    own.append(.family(packetFamily))
                    if let source = line.source { own.append(.field(.source, in: source[packetFamily])) }
                }
                own += [
                    .transportProtocol(transportProtocol), .field(.destinationPort, in: ports.asFieldValues),
                ]
                return Rule(own, [.counter], verdict, comment: policy.comment(line.origin))
            }
        }
    }
}

extension TranslationLine {
    fileprivate var interfaceConditions: [Condition] {
        InterfaceGroup(input: inputInterfaces, output: outputInterfaces).conditions
    }
}

extension Rule {
    /// What the rule says, its comment left out: an order that the file has no part in.
    fileprivate var contentKey: String {
        var rule = self
        rule.comment = nil
        return String(describing: rule)
    }
}

extension AddressSet {
    /// Addresses that mean nothing outside (RFC 1918, RFC 6598, RFC 4193): what masquerade hides by itself.
    package static let privateNetworks = AddressSet(
        [
            Prefix(family: .ipv4, first: 10 << 24, length: 8),
            Prefix(family: .ipv4, first: 172 << 24 | 16 << 16, length: 12),
            Prefix(family: .ipv4, first: 192 << 24 | 168 << 16, length: 16),
            Prefix(family: .ipv4, first: 100 << 24 | 64 << 16, length: 10),
            Prefix(family: .ipv6, first: 0xFC << 120, length: 7),
        ].compactMap(\.self)
    )
}
