import ArgumentParser
import Deployment
import Diagnostics
import Kernel

/// `wallwright diff N [M]`
struct DiffCommand: HostCommand, JSONCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say what differs between two generations: lines of the policy, and what they mean.",
        discussion: """
            Without a second number it compares with the generation that was confirmed last.

            Example: sudo wallwright diff 3 5
            """
    )

    @Argument(
        help: ArgumentHelp("The older generation; `wallwright history` lists them.", valueName: "number")
    )
    var from: Int

    @Argument(help: ArgumentHelp("The newer one.", valueName: "number"))
    var to: Int?

    @OptionGroup var option: StateOption

    @Flag(help: "Answer with one JSON document on standard output.")
    var json = false

    func runOnHost() async throws {
        let folder = try GenerationRow.folder(option, holding: from)
        guard let to = try to ?? folder.confirmed() else {
            throw Failure(.refused, "nothing was ever confirmed\ndo: name a second generation")
        }
        _ = try GenerationRow.folder(option, holding: to)
        let difference = GenerationDifference(from: from, to: to, in: folder)
        if json { return Terminal.output.answer(try difference.json) }
        Terminal.output.write(try difference.text)
    }
}
