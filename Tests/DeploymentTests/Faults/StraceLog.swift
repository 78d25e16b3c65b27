import Foundation

/// What strace(1) wrote with `-f -y`: the calls of all processes in their order, each with the gate that its process
/// passed last.
struct StraceLog: Sendable {
    /// A call, from its name on.
    struct Call: Sendable {
        var process: Process
        var thread: Int
        var name: String
        var text: String
    }

    /// A program that runs, from its execve on.
    struct Process: Hashable, Sendable {
        /// `command`, `guard`, `guard worker`, or how a tool was run.
        var name: String
        var isTool: Bool
        /// The gate at which it was started; nil for the command.
        var start: String?
        /// The gate where it ran a tool last.
        var narrow: String?
        /// The gate where it started a guard or a watch last.
        var wide: String?
    }

    var calls: [Call] = []
    private let folder: String
    private var leaders: [Int: Int] = [:]
    private var parents: [Int: Int] = [:]
    private var processes: [Int: Process] = [:]
    /// The gates of scripts that have not become their tools yet.
    private var passed: [Int: String] = [:]

    /// Reads the log of a run on a host whose spies are in `folder`.
    init(_ text: String, spiesIn folder: String) {
        self.folder = folder
        let lines = StraceLine.lines(of: text)
        // Where a thread comes from is often said after its first call.
        for birth in StraceLine.births(in: lines) {
            if birth.isThread {
                leaders[birth.child] = birth.parent
            } else {
                parents[birth.child] = birth.parent
            }
        }
        for line in lines { note(line) }
    }

    private mutating func note(_ line: StraceLine) {
        guard let name = line.call else { return }
        let identifier = leader(line.thread)
        let parent = parents[identifier].map(leader)
        if name == "execve", let role = role(line.text) {
            let inherited = parent.flatMap { processes[$0]?.isTool == true ? processes[$0]?.start : nil }
            // A tool that becomes another one, as nsenter does, was started at the gate of the first.
            let start = passed[identifier] ?? processes[identifier]?.start ?? inherited
            let isTool = role == "tool"
            let tool = start.map { $0.split(separator: ", ").dropFirst().dropLast().joined(separator: ", ") }
            processes[identifier] = Process(
                name: isTool ? tool ?? role : role,
                isTool: isTool,
                start: start
            )
        } else if let gate = gate(line.text) {
            passed[identifier] = gate
            guard let parent else { return }
            processes[parent]?.narrow = gate
            if gate.contains("setsid ") || gate.contains("nsenter ") { processes[parent]?.wide = gate }
        } else if let process = processes[identifier] ?? parent.flatMap({ processes[$0] }),
            name == "execve" || processes[identifier] != nil
        {
            calls.append(Call(process: process, thread: line.thread, name: name, text: line.text))
        }
    }

    private func leader(_ thread: Int) -> Int {
        var found = thread
        while let next = leaders[found] { found = next }
        return found
    }

    /// What a program is that an execve starts; nil for a script of the spies, and what is before it.
    private func role(_ text: String) -> String? {
        if text.hasPrefix("execve(\"\(folder)/usr/") { return "tool" }
        guard let words = text.firstMatch(of: /wallwright", \["[^"]*", "([^"]*)"(.*?)\]/) else { return nil }
        guard ["guard", "watch"].contains(words.1) else { return "command" }
        return words.2.hasSuffix("\"--worker\"") ? "\(words.1) worker" : "\(words.1)"
    }

    /// The gate that a script makes.
    private func gate(_ text: String) -> String? {
        guard text.hasPrefix("open"), text.contains("O_EXCL"), !text.contains("EEXIST"),
            let range = text.range(of: "\"\(ToolSpies.gates(in: folder))/")
        else { return nil }
        return String(text[range.upperBound...].prefix { $0 != "\"" })
    }
}

/// `812  renameat(…) = 0`; a call that another process interrupts is put together again.
struct StraceLine: Sendable {
    var thread: Int
    var text: String

    /// The name of the call; nil for what is none.
    var call: String? { text.prefixMatch(of: /([a-z_0-9]+)\(/).map { String($0.1) } }

    static func lines(of log: String) -> [StraceLine] {
        var lines: [StraceLine] = []
        var unfinished: [Int: Int] = [:]
        for line in log.split(separator: "\n") {
            guard let parts = line.wholeMatch(of: /(\d+) +(.*)/), let thread = Int(parts.1) else { continue }
            if let rest = parts.2.prefixMatch(of: /<\.\.\. \w+ resumed>/) {
                if let index = unfinished.removeValue(forKey: thread) {
                    lines[index].text += parts.2[rest.range.upperBound...]
                }
            } else {
                let text = parts.2.replacing(/\ *<unfinished \.\.\.>$/, with: "")
                if text.endIndex != parts.2.endIndex { unfinished[thread] = lines.count }
                lines.append(StraceLine(thread: thread, text: String(text)))
            }
        }
        return lines
    }

    struct Birth {
        var parent: Int
        var child: Int
        var isThread: Bool
    }

    static func births(in lines: [StraceLine]) -> [Birth] {
        lines.compactMap { line in
            guard line.text.prefixMatch(of: /(clone|vfork|fork)/) != nil,
                let child = line.text.firstMatch(of: /= (\d+)$/).flatMap({ Int($0.1) })
            else { return nil }
            return Birth(
                parent: line.thread,
                child: child,
                isThread: line.text.contains("CLONE_THREAD")
            )
        }
    }

    /// The call that was disturbed: that which fails, or in which its process is killed; nil when none was.
    static func disturbed(in log: String, named name: String) -> StraceLine? {
        let lines = lines(of: log)
        if let failed = lines.first(where: { $0.call == name && $0.text.hasSuffix("(INJECTED)") }) {
            return failed
        }
        guard let end = lines.firstIndex(where: { $0.text.hasPrefix("+++ killed by SIGKILL") }) else {
            return nil
        }
        return lines[..<end].last {
            $0.call == name && ($0.text.hasSuffix("= ?") || !$0.text.contains(" = "))
        }
    }
}
