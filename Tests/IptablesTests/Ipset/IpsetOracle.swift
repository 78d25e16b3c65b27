import Foundation

@testable import Iptables

/// Gives commands to the real ipset, thousands to one process, and to Wallwright.
enum IpsetOracle {
    struct Case {
        var commands: [String]
        /// The sets that they may make, which no other case names.
        var names: [String]
    }

    struct Answer: Equatable {
        /// Which of the commands are taken.
        var taken: [Bool]
        /// What the sets hold then, as `ipset save` prints them.
        var sets: [String: [String]]
    }

    static func ours(_ one: Case, ignoringExisting: Bool) -> Answer {
        var sets = Ipsets(names: Oracle.names)
        let taken = one.commands.map { line in
            guard let words = FirewallRunner.words(of: line) else { return false }
            return sets.apply(.command(words + (ignoringExisting ? ["-exist"] : []))).refusal == nil
        }
        var answer = Answer(taken: taken, sets: [:])
        for name in one.names where sets[name] != nil { answer.sets[name] = sets.saved(name) }
        return answer
    }

    /// The commands of each case go to one shell of ipset, each followed by one that is taken, for ipset remembers the
    /// options of a line that it refused, and by one that is refused, so that what ipset says before is about the command.
    static func theirs(_ cases: [Case], ignoringExisting: Bool) throws -> [Answer] {
        // What one command says of existing elements holds for all that follow in this shell.
        var text = (ignoringExisting ? "-exist version\n" : "") + "create keeper hash:ip\n"
        for (number, one) in cases.enumerated() {
            for (place, command) in one.commands.enumerated() {
                text += "\(command)\nflush keeper\nhelp mark-\(number)-\(place)\n"
            }
        }
        let result = try Sandbox.run(
            "ipset - < $DIR/commands 2>&1 >/dev/null || true; echo SETS; ipset save",
            files: ["commands": text]
        )
        let parts = result.output.components(separatedBy: "SETS\n")
        var answers = read(parts[0], cases)
        var owners: [String: Int] = [:]
        for (number, one) in cases.enumerated() { for name in one.names { owners[name] = number } }
        for line in parts.last?.split(separator: "\n") ?? [] {
            let words = line.split(separator: " ", maxSplits: 2).map(String.init)
            guard words.count > 2, let owner = owners[words[1]] else { continue }
            answers[owner].sets[words[1], default: []].append(String(line))
        }
        return answers
    }

    /// What ipset says of each command; none is taken where it says nothing, as after a crash of it.
    private static func read(_ errors: String, _ cases: [Case]) -> [Answer] {
        var answers = cases.map { Answer(taken: $0.commands.map { _ in false }, sets: [:]) }
        var isRefused = false
        for line in errors.split(separator: "\n") {
            if let start = line.range(of: "`mark-") {
                let numbers = line[start.upperBound...].split { !$0.isNumber }.compactMap { Int($0) }
                answers[numbers[0]].taken[numbers[1]] = !isRefused
                isRefused = false
            } else if !line.hasPrefix("Try `ipset help'"), !line.contains(" is in set "),
                !line.contains("gnored")
            {
                isRefused = true
            }
        }
        return answers
    }

    /// Without what the kernel chooses by chance, and in one order; a time that has begun to run counts as whole.
    static func comparable(_ answer: Answer) -> Answer {
        var answer = answer
        answer.sets = answer.sets.mapValues { lines in
            var lines = lines.map { line in
                var words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
                for option in ["initval", "bucketsize"] {
                    if words.first == "create", let place = words.firstIndex(of: option) {
                        words.removeSubrange(place..<min(place + 2, words.count))
                    }
                }
                if words.first == "add", let place = words.firstIndex(of: "timeout"), place + 1 < words.count,
                    let time = Int(words[place + 1]), time > 0
                {
                    words[place + 1] = "\((time + 60) / 100 * 100)"
                }
                return words.joined(separator: " ")
            }
            if !lines[0].contains(" list:set ") { lines = [lines[0]] + lines.dropFirst().sorted() }
            return lines
        }
        return answer
    }
}
