import ArgumentParser
import Compiler
import Diagnostics
import Iptables
import Netfilter
import PacketModel
import Policy
import Simulation

/// `wallwright explain RULES --packet TEXT | --packets FILE [--json]`
struct ExplainCommand: ParsableCommand, JSONCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what rules of iptables, or a policy, do to a packet, and why.",
        discussion: """
            The rules are a save file, what iptables -S prints, a script of iptables commands, or a policy; nothing is \
            loaded or run. A packet with `in` alone is sent to an address of this host, with `in` and `out` it is \
            forwarded, with `out` alone this host sends it. What is left out takes a usual value. Packets come one \
            after another: limits remember, and `time` moves the clock: in seconds, or as a date like \
            2026-12-01T18:30 for rules that look at it.

            A rule may send a packet to another host: then it goes on by the interface that leads there, as --address \
            says it, or else as the rules themselves tell.

            Example: wallwright explain rules.v4 --packet 'tcp 198.51.100.7:40000 > 192.0.2.2:22 in eth0'
            """
    )

    @Argument(help: "The rules; - reads standard input.", completion: .file())
    var rules: String

    @Option(help: "A packet in words; may be there several times.")
    var packet: [String] = []

    @Option(
        help: "A file of packets, one JSON object a line, or in words; - reads standard input.",
        completion: .file()
    )
    var packets: String?

    @Flag(help: "Print one JSON object a packet: verdict and path.")
    var json = false

    @Flag(help: "Show whole connections: the first packet, the reply to it, and the next.")
    var connection = false

    @Option(
        help: ArgumentHelp(
            "An address of the host that has the rules, with its interface and its network; may be there several times.",
            valueName: "eth0=192.0.2.2/24"
        )
    )
    var address: [HostAddress] = []

    @Option(
        help:
            "The family that a save file is for, and of packets that say none; that of the first packet when it is left out."
    )
    var family: IPFamily?

    @Option(help: "Of a script: the rules as they are after the commands up to this line.")
    var afterLine: Int?

    @Option(
        help: "A file that keeps what limits and lists remember, from one run to the next.",
        completion: .file()
    )
    var saveState: String?

    /// In place of the lines for packets there is one that says why there are none.
    static func document(of findings: [Diagnostic]) -> JSONValue {
        let errors = findings.filter { $0.severity == .error }.map(\.message)
        return [
            "error": .string(errors.first ?? "nothing is explained"),
            JSONKey.findings: .array(findings.map(JSONRenderer.object)),
        ]
    }

    func validate() throws {
        guard packet.isEmpty != (packets == nil) else {
            throw ValidationError("say --packet 'tcp 198.51.100.7 > 192.0.2.2:22 in eth0', or --packets FILE")
        }
        if rules == "-", packets == "-" {
            throw ValidationError("rules and packets cannot both be standard input")
        }
    }

    func run() throws {
        let (source, input) = (try RulesFile.read(rules), try packetSource())
        var reader = PacketReader(input, family: family)
        let first = family ?? reader.firstFamily ?? .ipv4
        var (explainers, hasErrors) =
            RulesFormat(source) == .policy
            ? (try policyExplainers(source), false) : try rulesExplainers(source, first)
        for place in explainers.indices {
            explainers[place].simulator.tell(address, of: explainers[place].family)
        }
        var explanation = Explanation(explainers, asJSON: json, connections: connection)
        if let saveState { try explanation.restore(from: saveState) }
        while let (description, place) = reader.next() {
            do throws(UnreadablePacket) {
                try explanation.explain(try description.get())
            } catch {
                explanation.refuse(error, in: input, at: place)
            }
        }
        explanation.end()
        if let saveState { try explanation.save(to: saveState) }
        if explanation.refused > 0 || hasErrors { throw Failure(.refused, answer: .given) }
    }

    private func packetSource() throws -> SourceFile {
        if let packets { return try RulesFile.read(packets) }
        return SourceFile(name: "--packet", text: packet.joined(separator: "\n"))
    }

    /// A policy is for both families.
    private func policyExplainers(_ source: SourceFile) throws -> [any PacketExplainer] {
        guard afterLine == nil else {
            throw Failure(.usage, "--after-line is for scripts: the lines of a policy have no order")
        }
        let environment = PolicyEnvironment(ofPolicyAt: rules)
        let (policy, diagnostics) = PolicyReader.read(source: source, environment: environment)
        let errors = diagnostics.filter { $0.severity == .error }
        RulesFile.report(errors, in: rules)
        guard let policy, errors.isEmpty else {
            throw Failure(.refused, answer: .document(Self.document(of: errors)))
        }
        do throws(Diagnostic) {
            var explainers: [any PacketExplainer] = []
            for family in family.map({ [$0] }) ?? IPFamily.allCases {
                explainers.append(try PolicyExplainer(policy, family: family))
            }
            return explainers
        } catch {
            RulesFile.report([error], in: rules)
            throw Failure(.refused, answer: .document(Self.document(of: [error])))
        }
    }

    /// A save file is for one family, a script for both.
    private func rulesExplainers(
        _ source: SourceFile,
        _ first: IPFamily
    ) throws -> (explainers: [any PacketExplainer], hasErrors: Bool) {
        let text = try RulesText(source, family: first, names: try RulesFile.names())
        let diagnostics = text.diagnostics(first)
        let stands = !diagnostics.hasErrors || text.standsInSpiteOfErrors
        RulesFile.report(diagnostics, in: rules, stands: stands)
        guard stands else { throw Failure(.refused, answer: .document(Self.document(of: diagnostics))) }
        try text.requireWhole()
        let families = text.isScript && family == nil ? IPFamily.allCases : [first]
        let (ipsets, foreign) = (text.ipsets(afterLine: afterLine), text.foreign(afterLine: afterLine))
        let explainers = try families.map { family in
            let ruleset = afterLine.map { text.ruleset(family, afterLine: $0) } ?? text.ruleset(family)
            guard let ruleset else {
                throw Failure(.usage, "--after-line is for scripts: a save file is loaded as a whole")
            }
            return RulesetExplainer(
                ruleset,
                knowing: ipsets,
                beside: foreign,
                from: source,
                names: text.names
            )
        }
        return (explainers, diagnostics.hasErrors)
    }
}
