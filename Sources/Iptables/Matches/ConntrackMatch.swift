import Netfilter
import PacketModel

/// `conntrack`: state, status, direction and the port that was asked for (iptables-extensions(8)).
enum ConntrackMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "conntrack",
            .match,
            options: [
                OptionSyntax("ctstate", .nameList(stateNames + ["SNAT", "DNAT"]), invertible: true),
                OptionSyntax("ctproto", .protocolNumber, invertible: true),
                OptionSyntax("ctorigsrc", .looseNetwork, invertible: true),
                OptionSyntax("ctorigdst", .looseNetwork, invertible: true),
                OptionSyntax("ctreplsrc", .looseNetwork, invertible: true),
                OptionSyntax("ctrepldst", .looseNetwork, invertible: true),
                OptionSyntax("ctorigsrcport", .looseRange(to: 65_535, takesServices: true), invertible: true),
                OptionSyntax("ctorigdstport", .looseRange(to: 65_535, takesServices: true), invertible: true),
                OptionSyntax("ctreplsrcport", .looseRange(to: 65_535, takesServices: true), invertible: true),
                OptionSyntax("ctrepldstport", .looseRange(to: 65_535, takesServices: true), invertible: true),
                OptionSyntax(
                    "ctstatus",
                    .nameList(["EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED"], nothing: "NONE"),
                    invertible: true
                ),
                OptionSyntax("ctexpire", .looseRange(to: UInt64(UInt32.max)), invertible: true),
                OptionSyntax("ctdir", .keyword([["ORIGINAL"], ["REPLY"]], ignoringCase: true)),
            ],
            tracksConnections: { _ in true },
            oneOf: [
                "ctstate", "ctproto", "ctorigsrc", "ctorigdst", "ctreplsrc", "ctrepldst", "ctorigsrcport",
                "ctorigdstport", "ctreplsrcport", "ctrepldstport", "ctstatus", "ctexpire", "ctdir",
            ],
            complete: { instance, context throws(Refusal) in
                if context.release >= .v1_8_10, instance["ctproto"] == .number(0) {
                    throw Refusal("value.protocol", "--ctproto takes one protocol, not all of them")
                }
            },
            examples: ["-m conntrack --ctstate RELATED,ESTABLISHED", "-m conntrack --ctdir ORIGINAL"]
        ),
        ExtensionSyntax(
            "state",
            .match,
            options: [OptionSyntax("state", .nameList(stateNames), mandatory: true, invertible: true)],
            tracksConnections: { _ in true },
            examples: ["-m state --state NEW"]
        ),
    ]

    /// In the order in which they are printed.
    private static let stateNames = ["INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED"]

    static func alternatives(of test: Test, in context: RuleContext) throws(Inexpressible) -> [[MatchText]]? {
        switch test.condition {
        case .field(.connectionState, let states):
            let names = ConnectionState.allCases.filter { states.contains(UInt128($0.rawValue)) }.map(name)
            return test.either([MatchText("conntrack", "--ctstate", names.joined(separator: ","))])
        case .bits(.connectionStatus, let mask, let value):
            return test.either([try statusText(mask, value)])
        case .anyOf([.status(.destinationNAT)]):
            return test.either([MatchText("conntrack", "--ctstate", "DNAT")])
        case .field(.connectionDirection, let directions):
            guard directions == [0] || directions == [1] else {
                throw Inexpressible("a connection has two directions, original and reply")
            }
            let isOriginal = (directions == [0]) != test.isNegated
            return [[MatchText("conntrack", "--ctdir", isOriginal ? "ORIGINAL" : "REPLY")]]
        case .field(.originalDestinationPort, let ports):
            return test.either(
                ports.intervals.map { MatchText("conntrack", "--ctorigdstport", PortText.interval($0)) }
            )
        case .field(.originalDestination, let addresses):
            return test.either(
                addresses.intervals.flatMap { $0.prefixes(in: context.family) }
                    .map { MatchText("conntrack", "--ctorigdst", "\($0)") }
            )
        default: return nil
        }
    }

    private static func name(_ state: ConnectionState) -> String {
        state.text.uppercased()
    }

    private static func statusText(_ mask: UInt128, _ value: UInt128) throws(Inexpressible) -> MatchText {
        let status = ConnectionStatus(rawValue: UInt32(truncatingIfNeeded: mask))
        let negated = value == 0
        guard negated || value == mask else { throw Inexpressible("a mix of set and unset bits of a status") }
        return switch status {
        // NAT is a state here, not a status.
        case .destinationNAT: MatchText("conntrack", "--ctstate", "DNAT", negated: negated)
        case .sourceNAT: MatchText("conntrack", "--ctstate", "SNAT", negated: negated)
        case .expected: MatchText("conntrack", "--ctstatus", "EXPECTED", negated: negated)
        default: throw Inexpressible("the connection status \(status.rawValue)")
        }
    }

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        let hasState = instance.has("ctstate")
        // Without a connection the state alone is looked at (net/netfilter/xt_conntrack.c, conntrack_mt).
        let isNoConnection = Condition.state(.invalid, .untracked)
        var conditions: [Condition] = []
        for given in instance.given {
            let name = instance.syntax.options[given.option].name
            guard let condition = condition(name, given.value)?.negated(given.isNegated) else { return nil }
            let isState = name == "ctstate" || name == "state"
            conditions.append(hasState && !isState ? .anyOf([isNoConnection, condition]) : condition)
        }
        return conditions
    }

    private static func condition(_ option: String, _ value: OptionValue) -> Condition? {
        switch option {
        case "ctstate", "state": states(value.number)
        case "ctproto": value.condition(.connectionProtocol)
        case "ctorigsrc": value.condition(.originalSource)
        case "ctorigdst": value.condition(.originalDestination)
        case "ctreplsrc": value.condition(.replySource)
        case "ctrepldst": value.condition(.replyDestination)
        case "ctorigsrcport": value.condition(.originalSourcePort)
        case "ctorigdstport": value.condition(.originalDestinationPort)
        case "ctreplsrcport": value.condition(.replySourcePort)
        case "ctrepldstport": value.condition(.replyDestinationPort)
        case "ctstatus": .not(.bits(.connectionStatus, mask: UInt128(value.number), value: 0))
        case "ctdir": .field(.connectionDirection, is: UInt8(value == .keyword("ORIGINAL") ? 0 : 1))
        default: nil
        }
    }

    /// One of the states, or of the two that are kept as a status.
    private static func states(_ bits: UInt64) -> Condition {
        let known: [ConnectionState] = [.invalid, .new, .related, .established, .untracked]
        let chosen = known.chosen(by: bits)
        let states = Condition.field(
            .connectionState,
            in: IntervalSet(chosen.map { Interval(UInt128($0.rawValue)) })
        )
        let translated: [Condition] =
            (bits >> 5 & 1 == 1 ? [.status(.sourceNAT)] : [])
            + (bits >> 6 & 1 == 1 ? [.status(.destinationNAT)] : [])
        return translated.isEmpty ? states : .anyOf([states] + translated)
    }
}

extension ConnectionState {
    fileprivate var text: String {
        switch self {
        case .invalid: "invalid"
        case .new: "new"
        case .established: "established"
        case .related: "related"
        case .untracked: "untracked"
        }
    }
}
