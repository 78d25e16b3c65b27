import ArgumentParser
import PacketModel
import Policy

/// `wallwright compile [POLICY]`
struct CompileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compile",
        abstract: "Print the rules that a policy becomes.",
        discussion: """
            Asks this host for nothing: with `backend: auto` the rules are those of nftables.

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

    func run() throws {
        let policy = try argument.load(askingHost: false)
        Terminal.output.write(try Compilation.nftables(policy))
    }
}
