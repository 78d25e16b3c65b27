import Netfilter
import PacketModel

/// The lines of `nat:`.
extension IptablesLowering {
    /// Writes the chains of the table `nat`; returns the built-in chains that must lead to them.
    mutating func addTranslation() -> [String] {
        var (arriving, leaving): ([Rule], [Rule]) = ([], [])
        for line in policy.nat {
            switch line.action {
            case .masquerade: leaving += masquerade(line)
            case .redirect(let port): arriving += redirection(line, to: .redirect(port: port))
            case .portForward(let address, let port) where address.family == family:
                arriving += redirection(line, to: .destinationNAT(address, port: port))
            case .portForward: break
            }
        }
        var used: [String] = []
        for (name, rules) in [("PREROUTING", arriving), ("POSTROUTING", leaving)] where !rules.isEmpty {
            chains.start(Self.prefix + name)
            chains.add(rules.inContentOrder, to: Self.prefix + name)
            used.append(name)
        }
        return used
    }

    private func masquerade(_ line: TranslationLine) -> [Rule] {
        let sources = (line.source ?? .privateNetworks)[family]
        guard !sources.isEmpty, line.destination?[family].isEmpty != true else { return [] }
        var conditions = interfaces(line) + [.field(.source, in: sources)]
        if let destinations = line.destination {
            conditions.append(.field(.destination, in: destinations[family]))
        }
        return [Rule(conditions, [.counter], .masquerade, comment: policy.comment(line.origin))]
    }

    private func redirection(_ line: TranslationLine, to verdict: Verdict) -> [Rule] {
        guard line.source?[family].isEmpty != true, line.destination?[family].isEmpty != true else {
            return []
        }
        var conditions = interfaces(line)
        if let sources = line.source { conditions.append(.field(.source, in: sources[family])) }
        if let destinations = line.destination {
            conditions.append(.field(.destination, in: destinations[family]))
        }
        // What only passes through this host is not asked of it, unless an interface is named to redirect.
        if line.isPortForward || line.inputInterfaces == nil {
            conditions.append(.field(.destinationIsLocal, is: UInt8(1)))
        }
        return line.services.members.sorted { $0.key < $1.key }.map { transportProtocol, ports in
            Rule(
                conditions + [
                    .transportProtocol(transportProtocol), .field(.destinationPort, in: ports.asFieldValues),
                ],
                [.counter],
                verdict,
                comment: policy.comment(line.origin)
            )
        }
    }

    private func interfaces(_ line: TranslationLine) -> [Condition] {
        [
            line.inputInterfaces.map { .interface(.inputInterface, matches: $0) },
            line.outputInterfaces.map { .interface(.outputInterface, matches: $0) },
        ].compactMap(\.self)
    }
}

extension TranslationLine {
    fileprivate var isPortForward: Bool {
        switch action {
        case .portForward: true
        case .masquerade, .redirect: false
        }
    }
}

extension [Rule] {
    /// By what the rules say, their comments left out: an order that the file has no part in.
    fileprivate var inContentOrder: [Rule] {
        map { rule in
            var silent = rule
            silent.comment = nil
            return (String(describing: silent), rule)
        }.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
