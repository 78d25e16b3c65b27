import Diagnostics
import PacketModel
import Shell

extension FirewallRunner {
    private struct RestoreOptions {
        var keeps = false
        var isTest = false
        /// Of the only table that is to be loaded.
        var table: String?
        var file: ShellText?
        /// Where the name of the file stands among the words.
        var filePlace: Int?
        var isQuestion = false
    }

    /// `iptables-restore [-n] [-t] [-T TABLE] [FILE]`: table after table, up to the first with an error.
    mutating func restore(_ invocation: ShellInvocation, _ family: IPFamily) -> ShellReply {
        let place = record(.rules(family), invocation)
        let options = options(of: invocation)
        if options.isQuestion { return ShellReply(.known(0)) }
        let written = options.filePlace.flatMap { invocation.files[$0] }
        guard let input = options.file == nil ? invocation.input?.text : written else {
            let name = options.file?.shown ?? "the standard input of the script"
            return leaveOpen("\(name) is not known, and so which rules are loaded", invocation, place)
        }
        if input.onlyUnknownName != nil {
            return leaveOpen("\(input.shown) is not known, and so which rules are loaded", invocation, place)
        }
        let text = RestoreText(input, invocation, source, isFile: options.file != nil)
        let (saved, errors) = SaveFileReader.read(
            text.file,
            in: text.range,
            open: text.open,
            family: family,
            names: names
        )
        for diagnostic in errors where diagnostic.severity < .error {
            diagnostics.append(Report(diagnostic: diagnostic, dependsOnState: false))
        }
        let firstError = errors.filter { $0.severity == .error }.compactMap { $0.primary?.range.start }.min()
        for diagnostic in errors where diagnostic.severity == .error {
            diagnostics.append(Report(diagnostic: diagnostic, dependsOnState: false))
            commands[place].refusals.append(
                Refusal(diagnostic.code, diagnostic.message, at: invocation.range)
            )
        }
        if options.isTest { return ShellReply(.known(firstError == nil ? 0 : 1)) }
        for var table in saved.tables where options.table == nil || options.table == table.table.rawValue {
            if let firstError, table.range.end > firstError { break }
            if !text.isInScript {
                for number in table.commands.indices { table.commands[number].setRange(invocation.range) }
            }
            var changed = rulesets[family] ?? LoadedRuleset(family: family)
            var refusals = changed.restore(table, keeping: options.keeps)
            if let refusal = missingSet(in: table) { refusals.append(refusal) }
            guard refusals.isEmpty else {
                for refusal in refusals {
                    commands[place].refusals.append(refusal)
                    report(
                        refusal,
                        invocation,
                        severity: severity(invocation, dependsOnState: true),
                        dependsOnState: options.keeps,
                        in: text.isInScript ? nil : text.file
                    )
                }
                return ShellReply(.known(1), cost: (rulesets[family]?.ruleCount ?? 0) / 10)
            }
            rulesets[family] = changed
            commands[place].changes.append(.restore(table, keeping: options.keeps))
        }
        if !text.open.isEmpty {
            report(
                Refusal("rule.open", "rules are kept as they are: \(text.unknowns) is not known"),
                invocation,
                severity: .warning
            )
        }
        return ShellReply(
            .known(commands[place].refusals.isEmpty ? 0 : 1),
            cost: (rulesets[family]?.ruleCount ?? 0) / 10
        )
    }

    /// A rule names a set that is not there.
    private func missingSet(in table: SaveTable) -> Refusal? {
        for command in table.commands {
            if let refusal = missingSet(command) { return refusal.at(command.range) }
        }
        return nil
    }

    private mutating func leaveOpen(
        _ message: String,
        _ invocation: ShellInvocation,
        _ place: Int
    ) -> ShellReply {
        let refusal = Refusal("command.open", message)
        commands[place].refusals.append(refusal.at(invocation.range))
        report(refusal, invocation, severity: .error)
        return ShellReply(.unknown("`\(invocation.shown)` succeeds"))
    }

    private func options(of invocation: ShellInvocation) -> RestoreOptions {
        var options = RestoreOptions()
        var rest = invocation.words.dropFirst()
        while let word = rest.popFirst() {
            let text = word.shown
            let place = rest.startIndex - 1
            switch text {
            case "-n", "--noflush": options.keeps = true
            case "-t", "--test": options.isTest = true
            case "-T", "--table": options.table = rest.popFirst()?.shown
            case "-w", "--wait", "-W", "--wait-interval":
                if let next = rest.first, Int(next.shown) != nil { rest.removeFirst() }
            case "-h", "--help", "-V", "--version": options.isQuestion = true
            case _ where text.hasPrefix("-T"): options.table = String(text.dropFirst(2))
            case _ where text.hasPrefix("--table="): options.table = String(text.dropFirst(8))
            case _ where text.hasPrefix("-") && !text.hasPrefix("--"):
                if text.contains("n") { options.keeps = true }
                if text.contains("t") { options.isTest = true }
            case _ where text.hasPrefix("-"): break
            default: (options.file, options.filePlace) = (word, place)
            }
        }
        return options
    }
}

/// The text that iptables-restore reads, and where it stands.
private struct RestoreText {
    let file: SourceFile
    /// The part of the script that it is word for word.
    let range: SourceRange?
    /// The lines (from 1) with unknown parts, and these.
    let open: [Int: [String]]

    var isInScript: Bool { range != nil }

    var unknowns: String { Set(open.values.flatMap { $0 }).sorted().joined(separator: ", ") }

    init(_ input: ShellText, _ invocation: ShellInvocation, _ source: SourceFile, isFile: Bool) {
        if !isFile, let place = invocation.input?.range, let bytes = input.known,
            source.bytes[place.start..<min(place.end, source.bytes.count)].elementsEqual(bytes)
        {
            (file, range, open) = (source, place, [:])
            return
        }
        var lines: [Int: [String]] = [:]
        for (number, line) in input.lines.enumerated() where !line.isKnown {
            lines[number + 1] = line.gaps.map(\.unknown.name)
        }
        open = lines
        range = nil
        let line = source.lineNumber(of: invocation.range.start)
        file = SourceFile(
            name: "\(source.name):\(line), text for \(invocation.words[0].shown)",
            text: input.shown
        )
    }
}

extension ShellText {
    /// Nothing in it is known.
    var onlyUnknownName: String? { bytes.isEmpty && !gaps.isEmpty ? gaps[0].unknown.name : nil }
}
