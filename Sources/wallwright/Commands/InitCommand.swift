import ArgumentParser
import Deployment
import Diagnostics
import Kernel
import Netlink
import SystemPackage

/// `wallwright init`
struct InitCommand: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a first policy for this host.",
        discussion: """
            SSH gets in; everything else that listens stands there as a line to uncomment. A file that is there is \
            left alone.

            Example: sudo wallwright init
            """
    )

    @Argument(help: "Where to write it.", completion: .file(extensions: ["yaml", "yml"]))
    var policy = PolicyArgument.defaultPath

    func runOnHost() async throws {
        let facts = try await HostFacts.read(session: LoginSession.current())
        let openings = await Openings.read(state: StateFolder.defaultPath, comparing: nil)
        do throws(SystemError) {
            try InitialPolicyFile.write(InitialPolicy(for: facts, openings.translations).text, to: policy)
        } catch {
            guard error.errno == .fileExists else { throw error }
            throw Failure(
                .refused,
                "\(policy) is there already, and is left alone\ndo: name another file, or edit it"
            )
        }
        Terminal.output.write(
            """
            \(policy) is written: SSH gets in, everything else that listens is a line to uncomment
            next: read it, then  sudo wallwright plan \(policy)

            """
        )
    }
}

extension InitialPolicy {
    /// For the host as it is now.
    fileprivate init(for facts: HostFacts, _ translations: [PortTranslation]) {
        self.init(
            sshPorts: facts.sshPorts,
            listeners: facts.listeners,
            bridges: facts.bridges,
            session: facts.session.connection?.remote,
            raw: facts.rawListeners,
            translations: translations,
            ways: Self.ways
        )
    }

    /// What cannot be read is no ground to offer anything.
    private static var ways: WaysOfHost? {
        do { return try WaysOfHost.read() } catch { return nil }
    }
}
