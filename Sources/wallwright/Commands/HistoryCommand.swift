import ArgumentParser
import Deployment
import Diagnostics
import Kernel

/// `wallwright history [N]`
struct HistoryCommand: HostCommand, JSONCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List the changes of the firewall, newest first, or show one of them.",
        discussion: """
            Each with what became of it, and the lines of the policy that it changed. `wallwright diff N M` compares \
            any two; `wallwright rollback --to N` goes back to one.

            Example: sudo wallwright history 3
            """
    )

    @Argument(help: ArgumentHelp("The generation to show, with all that it changed.", valueName: "number"))
    var number: Int?

    @OptionGroup var option: StateOption

    @Option(help: ArgumentHelp("How many to list.", valueName: "count"))
    var last = 20

    @Flag(help: "Answer with one JSON document on standard output.")
    var json = false

    /// So many lines of a change stand in the list.
    private static let mostLines = 4

    func validate() throws {
        guard last > 0 else { throw ValidationError("--last takes a number from 1, such as --last 5") }
    }

    func runOnHost() async throws {
        if let number { return try show(number) }
        let folder = try StateFolder.existing(at: option.state)
        let numbers = try folder?.generationNumbers().reversed().prefix(last) ?? []
        guard let folder, !numbers.isEmpty else {
            if json { return Terminal.output.answer(["generations": []]) }
            return Terminal.output.write(
                "nothing was ever applied\ndo: sudo wallwright init, then plan, then apply\n"
            )
        }
        if json {
            let rows = try numbers.map { try GenerationRow($0, folder).json }
            return Terminal.output.answer(["generations": .array(rows)])
        }
        for number in numbers { Terminal.output.write(Self.row(number, folder)) }
    }

    /// One that is damaged hides no other.
    private static func row(_ number: Int, _ folder: StateFolder) -> Sentence {
        do {
            return try GenerationRow(number, folder).text(showing: mostLines)
        } catch {
            return "\("\(number)".padded(to: 4)) cannot be read: \(error)\n"
        }
    }

    private func show(_ number: Int) throws {
        let folder = try GenerationRow.folder(option, holding: number)
        let row = try GenerationRow(number, folder)
        if json { return Terminal.output.answer(["generations": [try row.json]]) }
        Terminal.output.write(try row.text(showing: nil))
        let difference = GenerationDifference(from: try folder.base(of: number), to: number, in: folder)
        Terminal.output.write(try difference.text)
    }
}
