import ArgumentParser
import Deployment
import Diagnostics
import FoundationEssentials
import Kernel
import PacketModel

extension Prefix: ExpressibleByArgument {
    /// As `description` writes it; IPv4 also as a socket of both families, and so a log, has it.
    public init?(argument: String) {
        guard let prefix = Prefix(text: argument)?.withoutMapping else { return nil }
        self = prefix
    }
}

/// How long a ban holds.
enum BanTime: ExpressibleByArgument {
    case forGood
    case span(TimeSpan)

    /// -1 is what fail2ban calls for good (jail.conf(5), "bantime").
    init?(argument: String) {
        if Self.forGoodWords.contains(argument) {
            self = .forGood
        } else if let span = TimeSpan(argument: argument) {
            self = .span(span)
        } else {
            return nil
        }
    }

    /// fail2ban's seconds with the unit that its action gives them.
    private static let forGoodWords = ["-1", "-1s"]

    static func parse(_ argument: String) throws -> BanTime {
        try BanTime(argument: argument) ?? .span(TimeSpan.parse(argument))
    }

    var defaultValueDescription: String { "for good" }
}

/// `wallwright ban ADDRESS`
struct BanCommand: HostCommand, JSONCommand {
    static let configuration = CommandConfiguration(
        commandName: "ban",
        abstract: "Let nothing in from an address, from now on; what is established ends too.",
        discussion: """
            Holds until its time is over or `wallwright unban`, whatever is applied or rolled back meanwhile. \
            Management addresses of the policy, and the address that you come from, are refused. \
            Without an address it lists the bans.

            Example: sudo wallwright ban 203.0.113.9 --for 1h
            """
    )

    @Argument(help: "An address, or a prefix: 203.0.113.0/24.")
    var addresses: Prefix?

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("How long: 10m, 1h, 7d; for good when it is not said, or -1.", valueName: "time"),
        transform: BanTime.parse
    )
    var time = BanTime.forGood

    @OptionGroup var option: StateOption

    @Flag(help: "Answer with one JSON document on standard output.")
    var json = false

    func runOnHost() async throws {
        guard let addresses else { return try list() }
        let operation = try await Operation.beginTelling("wallwright ban", option)
        let end: Date? =
            switch time {
            case .forGood: nil
            case .span(let span): Date.now.addingTimeInterval(Double(span.seconds))
            }
        let entry = try await operation.ban(addresses, until: end)
        if let note = await operation.startWatch() { Terminal.error.write("note: \(note)\n") }
        if json { return Terminal.output.answer(["bans": [entry.json]]) }
        Terminal.output.write("banned: \(addresses)\(end.map { " until \($0.text)" } ?? "")\n")
    }

    private func list() throws {
        let entries = try StateFolder.existing(at: option.state).map(BanList.read)?.entries ?? []
        let held = entries.filter { !$0.isOver(at: .now) }
        if json { return Terminal.output.answer(["bans": .array(held.map(\.json))]) }
        if held.isEmpty { Terminal.output.write("no address is banned\n") }
        let width = held.map(\.addresses.count).max() ?? 0
        for entry in held {
            let end = entry.until.map { "until \($0.text)" } ?? "for good"
            Terminal.output.write(
                "\(entry.addresses.padded(to: width))  \(end)  since \(entry.since.text) by \(entry.author)\n"
            )
        }
    }
}

/// `wallwright unban ADDRESS`
struct UnbanCommand: HostCommand, JSONCommand {
    static let configuration = CommandConfiguration(
        commandName: "unban",
        abstract: "End a ban.",
        discussion: "Example: sudo wallwright unban 203.0.113.9"
    )

    @Argument(help: "The address or the prefix, as it was banned.")
    var addresses: Prefix

    @OptionGroup var option: StateOption

    @Flag(help: "Answer with one JSON document on standard output.")
    var json = false

    func runOnHost() async throws {
        let operation = try await Operation.beginTelling("wallwright unban", option)
        let was = try await operation.unban(addresses)
        if json {
            return Terminal.output.answer(["addresses": .string("\(addresses)"), "wasBanned": .boolean(was)])
        }
        Terminal.output.write(was ? "not banned any more: \(addresses)\n" : "\(addresses) was not banned\n")
    }
}
