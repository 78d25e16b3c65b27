import Diagnostics

extension ShellEvaluator {
    /// `select NAME in WORDS`: a menu, of which the numbers are read. Where nobody knows them, what is chosen is assumed once,
    /// and the commands are marked as repeated.
    mutating func runSelect(
        _ name: String,
        _ words: [ShellWord]?,
        _ body: [ShellStatement]
    ) throws(ShellStop) {
        let values = try values(words)
        status = .success
        guard !values.isEmpty else { return }
        while true {
            try spend()
            hasReadUnknown = false
            try read([])
            guard hasSucceeded() else {
                print(ShellText("\n"))
                status = .known(1)
                return
            }
            guard !hasReadUnknown, let reply = value(of: "REPLY")?.knownString else {
                return try runChosen(name, values, body)
            }
            guard !reply.isEmpty else { continue }
            let number = Int(reply.filter { $0 != " " && $0 != "\t" }) ?? 0
            set(name, values.indices.contains(number - 1) ? values[number - 1] : ShellText())
            status = .success
            guard try runRound(body) else { return }
        }
    }

    private mutating func runChosen(_ name: String, _ values: [ShellText], _ body: [ShellStatement])
        throws(ShellStop)
    {
        // Somebody chooses one of them.
        let chosen = values.dropLast().first { decide("\($0.shown) is chosen for \(name)") }
        set(name, chosen ?? values.last ?? ShellText())
        repeatDepth += 1
        defer { repeatDepth -= 1 }
        _ = try runRound(body)
    }
}
