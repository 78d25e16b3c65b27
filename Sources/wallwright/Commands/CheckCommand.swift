import ArgumentParser
import Compiler
import Diagnostics
import Policy

/// `wallwright check [POLICY]`
struct CheckCommand: AsyncParsableCommand, JSONCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read a policy and say what is wrong with it.",
        discussion: """
            Also compiles it, and refuses one that would not admit SSH.

            Example: wallwright check Examples/guide.yaml
            """
    )

    @OptionGroup var argument: PolicyArgument

    @Flag(
        help: "Print the policy with its errors corrected where a fix leaves no choice; no file is changed."
    )
    var fix = false

    var json: Bool { argument.json }

    /// A list and nothing else.
    static func document(of findings: [Diagnostic]) -> JSONValue { PolicyArgument.json(findings) }

    func run() async throws {
        if fix { return try printFixed() }
        var (policy, diagnostics) = await argument.inspect(askingHost: true)
        if let read = policy, !diagnostics.hasErrors { diagnostics += read.loweringDiagnostics() }
        guard let policy, !diagnostics.hasErrors else {
            throw argument.refusal(diagnostics, answer: .document(Self.document(of: diagnostics)))
        }
        argument.report(diagnostics)
        if json {
            Terminal.output.answer(Self.document(of: diagnostics))
        } else {
            Terminal.output.write(summary(policy))
        }
    }

    /// What is left is said, and refused as without the fixes.
    private func printFixed() throws {
        let (source, problem) = PolicyReader.source(path: argument.policy)
        guard let source else {
            argument.report(problem.map { [$0] } ?? [])
            throw Failure(.refused)
        }
        let environment = PolicyEnvironment(ofPolicyAt: argument.policy)
        let (text, diagnostics) = source.fixed {
            PolicyReader.read(source: $0, environment: environment).diagnostics
        }
        Terminal.output.write(file: text.bytes)
        let errors = diagnostics.filter { $0.severity == .error }
        let renderer = TerminalRenderer(usesColour: Terminal.error.usesColour)
        Terminal.error.write(renderer.render(errors))
        guard errors.isEmpty else { throw Failure(.refused) }
    }

    private func summary(_ policy: Policy) -> String {
        var text = "\(argument.policy): no errors\n"
        for direction in Direction.allCases {
            let lines = policy.lines.filter { $0.direction == direction }
            let rest = policy.rest[direction] ?? .drop
            let parts = [
                count(lines.count { $0.action == .allow }, "allow"),
                count(lines.count { $0.action == .deny }, "deny"),
                lines.contains { $0.limit != nil } ? "\(lines.count { $0.limit != nil }) with a limit" : nil,
            ].compactMap(\.self)
            let said = parts.isEmpty ? "nothing is allowed" : parts.joined(separator: ", ")
            text +=
                "  \(direction.rawValue.padded(to: 9)) \(said); the rest is \(rest == .drop ? "dropped" : "rejected")\n"
        }
        return text
    }

    private func count(_ number: Int, _ action: String) -> String? {
        number == 0 ? nil : "\(number) \(action)"
    }
}
