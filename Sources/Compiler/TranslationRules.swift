import Netfilter
import PacketModel
import Policy

/// What the lines of `nat:` become for one family, in either backend.
struct TranslationRules {
    /// For packets that come to the host.
    private(set) var arriving: [Rule] = []
    /// For packets that go from it.
    private(set) var leaving: [Rule] = []

    init(_ policy: Policy, _ family: IPFamily) {
        for line in policy.nat {
            let comment = policy.comment(line.origin)
            switch line.action {
            case .masquerade:
                var line = line
                line.source = line.source ?? .masqueradedNetworks
                leaving += Self.rules(line, family, .masquerade, comment)
            case .redirect(let port):
                arriving += Self.rules(line, family, .redirect(port: port), comment)
            case .portForward(let address, let port) where address.family == family:
                arriving += Self.rules(line, family, .destinationNAT(address, port: port), comment)
            case .portForward: break
            }
        }
        (arriving, leaving) = (Self.inContentOrder(arriving), Self.inContentOrder(leaving))
    }

    private static func rules(
        _ line: TranslationLine,
        _ family: IPFamily,
        _ verdict: Verdict,
        _ comment: String
    ) -> [Rule] {
        guard line.source?[family].isEmpty != true, line.destination?[family].isEmpty != true else {
            return []
        }
        var conditions: [Condition] = []
        if let input = line.inputInterfaces { conditions.append(.interface(.inputInterface, matches: input)) }
        if let output = line.outputInterfaces {
            conditions.append(.interface(.outputInterface, matches: output))
        }
        if let sources = line.source, sources[family] != AddressSet.full[family] {
            conditions.append(.field(.source, in: sources[family]))
        }
        if let destinations = line.destination {
            conditions.append(.field(.destination, in: destinations[family]))
        }
        if line.concernsHostOnly {
            conditions.append(.field(.destinationType, is: AddressType.local.rawValue))
        }
        if line.services.isAny { return [Rule(conditions, [.counter], verdict, comment: comment)] }
        return line.services.members.sorted { $0.key < $1.key }.map { transportProtocol, ports in
            let asked: [Condition] = [
                .transportProtocol(transportProtocol), .field(.destinationPort, in: ports.asFieldValues),
            ]
            return Rule(conditions + asked, [.counter], verdict, comment: comment)
        }
    }

    /// By what the rules say, their comments left out: an order that the file has no part in.
    private static func inContentOrder(_ rules: [Rule]) -> [Rule] {
        rules.map { rule in
            var silent = rule
            silent.comment = nil
            return (String(describing: silent), rule)
        }.sorted { $0.0 < $1.0 }.map(\.1)
    }
}

extension TranslationLine {
    /// What only passes through this host is not asked of it, unless an interface is named to redirect from.
    fileprivate var concernsHostOnly: Bool {
        switch action {
        case .masquerade: false
        case .redirect: inputInterfaces == nil
        case .portForward: true
        }
    }
}
