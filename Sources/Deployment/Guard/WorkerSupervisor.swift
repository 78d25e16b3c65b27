import Kernel

/// The outer one of the two processes of a guard or a watch: it puts the inner one into the right network namespace, and
/// starts it again when it is killed. When the outer one is killed, the inner one goes on alone.
package struct WorkerSupervisor {
    private let folder: StateFolder
    /// Where the work belongs.
    private let host: HostIdentity
    /// The arguments of the inner process.
    private let arguments: [String]

    /// More deaths than that have a reason that starting again does not mend.
    private static let mostStarts = 50
    /// Longer than any machine runs.
    private static let longest = Duration.seconds(10 * 366 * 86_400)

    package init(folder: StateFolder, host: HostIdentity, arguments: [String]) {
        self.folder = folder
        self.host = host
        self.arguments = arguments
    }

    /// Works as long as the inner process is needed. `committer` is a process in the namespace, as long as it lives.
    package func run(committer: Int, isNeeded: () -> Bool, log: (String) -> Void) async throws {
        guard let namespace = open(committer: committer) else {
            log("refused: network namespace \(host.namespace) is not to be found")
            throw ChangeError.refused("network namespace \(host.namespace) is not to be found")
        }
        let launcher = GuardLauncher(folder: folder)
        for _ in 0..<Self.mostStarts {
            do throws(ToolError) {
                let limits = Tool.Limits(time: Self.longest)
                try await launcher.program.run(arguments, in: namespace, limits: limits)
                return
            } catch {
                log("started again, because it ended: \(error)")
            }
            guard isNeeded() else { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw ChangeError.failed("started \(Self.mostStarts) times, and it did not stay")
    }

    /// The namespace, held from now on by a descriptor; never another one than the change was made in.
    private func open(committer: Int) -> NetworkNamespace? {
        let ways: [() throws -> String?] = [
            { "/proc/\(committer)/ns/net" }, { "/proc/self/ns/net" }, { try host.namespacePath() },
        ]
        for way in ways {
            do {
                guard let path = try way() else { continue }
                guard try NetworkNamespace.inode(of: path) == host.namespace else { continue }
                let namespace = try NetworkNamespace.open(path)
                if try NetworkNamespace.inode(of: namespace.path) == host.namespace { return namespace }
            } catch {
                // That process has ended; another way may lead there.
            }
        }
        return nil
    }
}
