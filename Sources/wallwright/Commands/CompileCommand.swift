import ArgumentParser
import Diagnostics
import Kernel
import PacketModel
import Policy

extension IPFamily: ExpressibleByArgument {}

/// `wallwright compile [POLICY]`
struct CompileCommand: AsyncParsableCommand {
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

    func run() async throws {
        let policy = try await argument.load(askingHost: false)
        do {
            switch backend ?? Backend(policy) {
            case .nftables:
                guard family == nil, !withoutIpset else {
                    throw Failure(
                        .usage,
                        "one table of nftables holds both families; write --backend iptables"
                    )
                }
                Terminal.output.write(file: try NftablesProgram(policy).text.utf8)
            case .iptables:
                for family in family.map({ [$0] }) ?? IPFamily.allCases {
                    let tool = family == .ipv4 ? "iptables-restore" : "ip6tables-restore"
                    Terminal.output.write("# for \(tool) --noflush\n")
                    let text = try IptablesProgram.listing(policy, family, usesIpset: !withoutIpset)
                    Terminal.output.write(file: text.utf8)
                }
            }
        } catch let diagnostic as Diagnostic {
            argument.report([diagnostic])
            throw Failure(.refused)
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
