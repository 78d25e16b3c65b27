import ArgumentParser
import Deployment
import Diagnostics
import Glibc
import Kernel

/// Where the state is kept.
struct StateOption: ParsableArguments {
    @Option(
        help: ArgumentHelp("The folder that remembers what was applied.", valueName: "folder"),
        completion: .directory
    )
    var state = StateFolder.defaultPath
}

/// A command that looks at, or changes, the firewall of this host.
protocol HostCommand: AsyncParsableCommand {
    func runOnHost() async throws
}

extension HostCommand {
    func run() async throws {
        guard geteuid() == 0 else {
            throw Failure(
                .notPermitted,
                "only root may see or change the firewall\ndo: sudo \(CommandWords.own)"
            )
        }
        do {
            try await runOnHost()
        } catch let failure as Failure {
            throw failure
        } catch let error as ChangeError {
            switch error.kind {
            case .refused: throw Failure(.refused, Sentence(said: error.description))
            case .failed: throw Failure(.systemFailed, Sentence(said: error.description))
            }
        } catch {
            throw Failure(.systemFailed, Sentence(said: "\(error)"))
        }
    }
}

extension Operation {
    /// Begins, and says what had to be finished first.
    static func beginTelling(
        _ purpose: String,
        _ option: StateOption,
        waiting patience: Duration = .seconds(10)
    ) async throws -> Operation {
        let operation = try await begin(purpose, state: option.state, waiting: patience)
        for note in operation.findings.map(\.sentence) + operation.notes {
            Terminal.error.write("note: \(note)\n")
        }
        return operation
    }
}
