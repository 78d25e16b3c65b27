import ArgumentParser
import Compiler
import Diagnostics
import Kernel
import PacketModel
import Policy

extension IPFamily: ExpressibleByArgument {}

/// `wallwright compile [POLICY]`
struct CompileCommand: AsyncParsableCommand, JSONCommand {
    static let configuration = CommandConfiguration(
        commandName: "compile",
        abstract: "Print the rules that a policy becomes.",
        discussion: """
            Asks this host for nothing: with `backend: auto` the rules are those of nftables. For iptables each \
            family has its own; the sets stand above the rules as `ipset restore` reads them.

            Example: wallwright compile --backend iptables --family ipv6 Examples/guide.yaml
            """
    )

    enum Backend: String, CaseIterable, ExpressibleByArgument {
        case nftables
        case iptables
    }

    @OptionGroup var argument: PolicyArgument

    @Option(help: "Print rules for this backend; the policy's own by default.")
    var backend: Backend?

    @Option(help: "Print the rules of one family; for iptables.")
    var family: IPFamily?

    @Flag(help: "Print rules that need no ipset; for iptables.")
    var withoutIpset = false

    var json: Bool { argument.json }

    /// A file for a tool.
    private struct Program {
        var tool: String
        var family: IPFamily?
        var text: String
    }

    func run() async throws {
        let (read, diagnostics) = await argument.inspect(askingHost: false)
        guard let policy = read, !diagnostics.hasErrors else { throw argument.refusal(diagnostics) }
        argument.report(diagnostics)
        let programs: [Program]
        do {
            programs = try self.programs(policy)
        } catch let diagnostic as Diagnostic {
            throw argument.refusal([diagnostic])
        }
        if json {
            let files = programs.map { program -> JSONValue in
                [
                    "tool": .string(program.tool),
                    "family": program.family.map { .string($0.rawValue) } ?? .null,
                    "text": .string(program.text),
                ]
            }
            return Terminal.output.answer([
                JSONKey.findings: PolicyArgument.json(diagnostics), "programs": .array(files),
            ])
        }
        for program in programs {
            if program.family != nil { Terminal.output.write("# for \(program.tool)\n") }
            Terminal.output.write(file: program.text.utf8)
        }
    }

    private func programs(_ policy: Policy) throws -> [Program] {
        switch backend ?? Backend(policy) {
        case .nftables:
            guard family == nil, !withoutIpset else {
                throw Failure(
                    .usage,
                    "one table of nftables holds both families; write --backend iptables"
                )
            }
            return [Program(tool: "nft --file -", family: nil, text: try NftablesProgram(policy).text)]
        case .iptables:
            return try (family.map { [$0] } ?? IPFamily.allCases).map { family in
                Program(
                    tool: "\(family == .ipv4 ? "iptables-restore" : "ip6tables-restore") --noflush",
                    family: family,
                    text: try IptablesProgram.listing(policy, family, usesIpset: !withoutIpset)
                )
            }
        }
    }
}

extension CompileCommand.Backend {
    init(_ policy: Policy) {
        switch policy.backend {
        case .auto, .nftables: self = .nftables
        case .iptables: self = .iptables
        }
    }
}
