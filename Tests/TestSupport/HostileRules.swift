/// Rules of strangers whose texts and names look like rules of ours, or like the end of a text, in every shape that the
/// tools quote, escape or leave as it is.
package enum HostileRules {
    private static let texts = [
        "x -j WALLWRIGHT-INPUT ", "x -j WALLWRIGHT-INPUT", "-j WALLWRIGHT-INPUT", "-j", "-g", "", " ", "\"",
        "\\", "\\\"", "a\" -j WALLWRIGHT-INPUT", "\" -j WALLWRIGHT-INPUT", "it's -j WALLWRIGHT-INPUT",
        "a\\\" -j WALLWRIGHT-INPUT \\", "tab\there -g WALLWRIGHT-INPUT", "-A INPUT -j WALLWRIGHT-INPUT",
        "WALLWRIGHT-INPUT", "--comment", "! -j WALLWRIGHT-INPUT", "ü -j WALLWRIGHT-INPUT", "cr\rcr", "COMMIT",
    ]
    /// iptables-save prints line breaks as they are, and what is no UTF-8.
    private static let comments =
        texts + [
            "x\n-A INPUT -j WALLWRIGHT-INPUT", "\n", "x\n*filter\n:WALLWRIGHT-INPUT - [0:0]\nCOMMIT\n",
            "x\n-A INPUT -m comment --comment \"y\" -j WALLWRIGHT-INPUT\n\"", "esc\u{1B}[31m", "a\u{FFFD}b",
        ]
    private static let names = ["a\"b", "\"b", "\"", "-j", "-g", "\"b\"", "b\"", "\\"]

    /// Every shape by itself, as the words after `-A CHAIN`.
    package static let each: [[String]] =
        comments.map { ["-m", "comment", "--comment", $0, "-j", "ACCEPT"] }
        + texts.map { ["-j", "LOG", "--log-prefix", $0] }
        + texts.map { ["-j", "NFLOG", "--nflog-prefix", $0] }
        + names.map { ["-i", $0, "-j", "ACCEPT"] }
        + names.map { ["-i", $0, "-j", "LOG", "--log-prefix", "y -j WALLWRIGHT-INPUT"] }
        + names.map { ["-i", $0, "-m", "comment", "--comment", " -j WALLWRIGHT-INPUT "] }
        + ["x -j WALLWRIGHT-INPUT", "\"x", "-j"].map {
            ["-m", "recent", "--set", "--name", $0, "-j", "ACCEPT"]
        }
        + [
            ["-m", "comment", "--comment", "-j", "-m", "comment", "--comment", "WALLWRIGHT-INPUT"],
            ["-j", "IDLETIMER", "--timeout", "5", "--label", "x -j WALLWRIGHT-INPUT"],
        ]

    /// Several shapes together, at random.
    package static func random(_ count: Int, _ random: inout SplitMix64) -> [[String]] {
        (0..<count).map { _ in
            var rule: [String] = []
            if Bool.random(using: &random) { rule += ["-i", names.randomElement(using: &random) ?? ""] }
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                rule += ["-m", "comment", "--comment", comments.randomElement(using: &random) ?? ""]
            }
            let text = texts.randomElement(using: &random) ?? ""
            return rule
                + (Bool.random(using: &random) ? ["-j", "RETURN"] : ["-j", "NFLOG", "--nflog-prefix", text])
        }
    }
}
