import ArgumentParser
import Deployment
import Diagnostics

/// `wallwright unit NAME`: what packages are made with; not for people.
struct UnitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unit",
        abstract: "Print a unit of systemd as a package ships it.",
        shouldDisplay: false
    )

    @Argument(help: "Its file's name.")
    var name: String

    @Option(help: "Where the package puts this program.")
    var program = "/usr/sbin/wallwright"

    func run() throws {
        let units = ShippedUnits.texts(program: program)
        guard let text = units[name] else {
            throw ValidationError("the units are \(units.keys.sorted().joined(separator: " and "))")
        }
        Terminal.output.write(text)
    }
}
