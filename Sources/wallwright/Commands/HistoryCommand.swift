import ArgumentParser
import Deployment
import Diagnostics
import FoundationEssentials
import Kernel

/// `wallwright history`
struct HistoryCommand: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List the changes of the firewall, newest first.",
        discussion: """
            `wallwright rollback --to NUMBER` goes back to one of them.

            Example: sudo wallwright history
            """
    )

    @OptionGroup var option: StateOption

    @Option(help: ArgumentHelp("How many to list.", valueName: "count"))
    var last = 20

    func runOnHost() async throws {
        guard let folder = try StateFolder.existing(at: option.state),
            case let numbers = try folder.generationNumbers(), !numbers.isEmpty
        else {
            Terminal.output.write(
                "nothing was ever applied\ndo: sudo wallwright init, then plan, then apply\n"
            )
            return
        }
        for number in numbers.reversed().prefix(max(0, last)) {
            Terminal.output.write(try row(number, folder))
        }
    }

    private func row(_ number: Int, _ folder: StateFolder) throws -> Sentence {
        let generation = try folder.generation(number)
        let outcome = folder.outcome(number)
        let what: String =
            switch generation.kind {
            case .apply: "apply \(generation.policyPath ?? "")"
            case .rollback(let to): "back to \(to)"
            case .remove: "remove"
            case .restore(let places): "restore \(places.joined(separator: ", "))"
            case .refresh(let changes): changes.joined(separator: "; ")
            }
        let decision = try folder.decision(number)
        var end = outcome?.text ?? "damaged"
        if let decision {
            let who = decision.author.map { " by \($0)" } ?? ""
            let why = decision.reason == outcome?.text ? "" : ": \(decision.reason)"
            end += " \(decision.time.clock)\(who)\(why)"
        }
        return "\("\(number)".padded(to: 4)) \(generation.created.text)  \(what.padded(to: 34)) "
            + "by \(generation.author)\n     \(end)\n"
    }
}

extension Generation.Outcome {
    /// For people.
    var text: String {
        switch self {
        case .pending: "waits to be confirmed"
        case .confirmed: "confirmed"
        case .rollingBack: "is being taken back"
        case .rolledBack: "taken back"
        }
    }
}
