import ArgumentParser
import Deployment
import Diagnostics
import Kernel

/// `wallwright init`
struct InitCommand: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a first policy for this host: SSH gets in, and what else listens stands there to be uncommented.",
        discussion: """
            An existing file is left alone.

            Example: sudo wallwright init
            """
    )

    @Argument(help: "Where to write it.", completion: .file(extensions: ["yaml", "yml"]))
    var policy = PolicyArgument.defaultPath

    func runOnHost() async throws {
        let facts = await HostFacts.read(session: LoginSession.current())
        try InitialPolicy.write(InitialPolicy.text(for: facts), to: policy)
        Terminal.output.write(
            """
            \(policy) is written: SSH gets in, everything else that listens is a line to uncomment
            next: read it, then  sudo wallwright plan \(policy)

            """
        )
    }
}
