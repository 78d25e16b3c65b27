/// Commands that run another command, which stands after them.
enum CommandWrapper {
    /// Options that have a word after them.
    private static let withWord: [String: Set<String>] = [
        "sudo": ["-u", "-g", "-p", "-C", "-h", "-U", "-T"],
        "doas": ["-u", "-C"],
        "env": ["-u", "-C", "-S"],
        "nice": ["-n"],
        "ionice": ["-c", "-n"],
        "timeout": ["-k", "-s"],
        "flock": ["-w", "-E"],
    ]

    private static let plain: Set<String> = [
        "nohup", "setsid", "command", "builtin", "busybox", "stdbuf", "time",
    ]

    /// Takes the wrappers away, one in another.
    static func unwrap(_ invocation: inout ShellInvocation) {
        while let path = invocation.words.first?.knownString {
            let name = String(path.split(separator: "/").last ?? "")
            let options = withWord[name]
            guard options != nil || plain.contains(name) else { return }
            // `command -v` asks where a command is.
            let second = invocation.words.dropFirst().first?.knownString
            if name == "command", second == "-v" || second == "-V" { return }
            drop(1, &invocation)
            while let word = invocation.words.first?.knownString {
                if word.hasPrefix("-") {
                    drop(options?.contains(word) == true ? 2 : 1, &invocation)
                } else if name == "env" || name == "sudo", word.contains("="), !word.hasPrefix("=") {
                    drop(1, &invocation)
                } else {
                    break
                }
            }
            if name == "timeout" || name == "flock" { drop(1, &invocation) }
        }
    }

    private static func drop(_ count: Int, _ invocation: inout ShellInvocation) {
        invocation.words.removeFirst(min(count, invocation.words.count))
        invocation.wordRanges.removeFirst(min(count, invocation.wordRanges.count))
    }
}
