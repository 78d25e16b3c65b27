import Diagnostics
import PacketModel

/// What only the command line has (measured on 1.8.9).
extension CommandReader {
    mutating func takeFamily(_ family: IPFamily, _ word: Word) throws(Refusal) {
        guard context.family != family else { return }
        if isCommandLine {
            throw Refusal(
                "command.family",
                "the command is for \(context.family.title)",
                fix: family == .ipv4 ? "write iptables" : "write ip6tables",
                at: word.range
            )
        }
        isForOtherFamily = true
    }

    mutating func takeOfCommandLine(
        _ option: BuiltInOption,
        _ attached: Word?,
        _ word: Word
    ) throws(Refusal) {
        switch option {
        case .table:
            try refuseNegation(word)
            let name = try knownArgument(attached, of: word)
            guard BuiltInTable(rawValue: name.text) != nil else {
                throw Refusal(
                    "save.table.unknown",
                    "iptables has no table \(name.text.isEmpty ? "without a name" : name.text)",
                    fix: NearestSpelling.fix(for: name.text, among: BuiltInTable.allCases.map(\.rawValue)),
                    at: name.range
                )
            }
            table = name
        case .wait, .waitInterval:
            if option == .waitInterval { waitInterval = word }
            if option == .wait { waits = true }
            guard let seconds = attached ?? plainWord() else { break }
            guard NumberText.whole(seconds.bytes[...], in: 0...UInt64(Int32.max)) != nil else {
                throw Refusal("command.wait", "\(seconds.text) is not a number of seconds", at: seconds.range)
            }
        default: isQuestion = true
        }
    }

    /// Words after `iptables`, with the table that they name.
    static func commandLine(
        _ words: [Word],
        family: IPFamily,
        names: NameDatabase
    ) -> (table: BuiltInTable, command: Command?, warnings: [Refusal], refusal: Refusal?) {
        var table = BuiltInTable.filter
        // What stands before -t is read for its table too, so the words are read again once it is known.
        for _ in 0..<2 {
            let context = ReadingContext(family: family, table: table.rawValue, chain: "", names: names)
            var reader = CommandReader(words, context, isCommandLine: true)
            var (command, refusal): (Command?, Refusal?)
            do throws(Refusal) {
                command = try reader.read()
            } catch {
                refusal = error
            }
            let named = reader.table.flatMap { BuiltInTable(rawValue: $0.text) } ?? .filter
            if named == table { return (table, command, reader.warnings, refusal) }
            table = named
        }
        return (table, nil, [], Refusal("command.table", "the table of the command is not clear"))
    }
}
