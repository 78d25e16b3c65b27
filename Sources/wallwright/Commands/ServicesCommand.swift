import ArgumentParser
import Diagnostics
import Policy

/// `wallwright services [NAME]`
struct ServicesCommand: ParsableCommand, JSONCommand {
    static let configuration = CommandConfiguration(
        commandName: "services",
        abstract: "List the services that a policy can name.",
        discussion: """
            Each with its ports and what it is; all of them, those that a word is found in, or those that have a port.

            Example: wallwright services 5432
            """
    )

    @Argument(help: "A service, a part of a name or a description, or a port: 5432, udp/53.")
    var name: String?

    @Flag(help: "Answer with one JSON document on standard output.")
    var json = false

    func run() throws {
        guard let name else { return print(ServiceCatalogue.all) }
        if let asked = AskedPort(name) { return try find(asked) }
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

    private func find(_ asked: AskedPort) throws {
        let found = ServiceCatalogue.all.filter { asked.isOf($0.members) }
        guard found.isEmpty else { return print(found) }
        throw Failure(
            .refused,
            "no service is known by \(asked.text)\ndo: a policy takes the port itself: \(asked.policyText)"
        )
    }

    private func print(_ services: [Service]) {
        if json { return Terminal.output.answer(["services": .array(services.map(\.json))]) }
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

extension Service {
    /// The keys are stable.
    fileprivate var json: JSONValue {
        [
            "name": .string(name), "aliases": .array(aliases.map(JSONValue.string)),
            "members": .string(members.description), "summary": .string(summary),
        ]
    }
}

extension String {
    /// The text with blanks behind it, at least so many characters wide.
    func padded(to width: Int) -> String {
        count < width ? self + String(repeating: " ", count: width - count) : self
    }
}
