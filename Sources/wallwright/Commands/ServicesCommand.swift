import ArgumentParser
import Diagnostics
import Policy

/// `wallwright services [NAME]`
struct ServicesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "services",
        abstract: "List the services that a policy can name.",
        discussion: """
            Each with its ports and what it is; all of them, or those that a word is found in.

            Example: wallwright services mysql
            """
    )

    @Argument(help: "A service, or a part of a name or a description.")
    var name: String?

    func run() throws {
        guard let name else { return print(ServiceCatalogue.all) }
        if let service = ServiceCatalogue.named(name) { return print([service]) }
        let wanted = name.lowercased()
        let found = ServiceCatalogue.all.filter { service in
            ([service.name, service.summary] + service.aliases).contains { $0.lowercased().contains(wanted) }
        }
        guard found.isEmpty else { return print(found) }
        let names = ServiceCatalogue.all.flatMap { [$0.name] + $0.aliases }
        let fix = NearestSpelling.fix(for: name, among: names).map { "; \($0)" } ?? ""
        throw Failure(.refused, "there is no service \(name)\(fix)")
    }

    private func print(_ services: [Service]) {
        let nameWidth = services.map(\.name.count).max() ?? 0
        let members = services.map { $0.members.description }
        let memberWidth = min(members.map(\.count).max() ?? 0, 34)
        for (service, members) in zip(services, members) {
            let aliases = service.aliases.isEmpty ? "" : " (also \(service.aliases.joined(separator: ", ")))"
            Terminal.output.write(
                "\(service.name.padded(to: nameWidth))  \(members.padded(to: memberWidth))  "
                    + "\(service.summary)\(aliases)\n"
            )
        }
    }
}

extension String {
    /// The text with blanks behind it, at least so many characters wide.
    func padded(to width: Int) -> String {
        count < width ? self + String(repeating: " ", count: width - count) : self
    }
}
