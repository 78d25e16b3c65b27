import Testing

@testable import Kernel

@Suite struct QuotedWordsTests {
    @Test(
        arguments: [
            ("-A a -j B", ["-A", "a", "-j", "B"]), ("  a\t b ", ["a", "b"]), ("", []),
            (#"--comment "a \" b" -j"#, ["--comment", #""a \" b""#, "-j"]), (#"a "b c"#, ["a", "\"b", "c"]),
            (#"--comment "a\\" -j B"#, ["--comment", #""a\\""#, "-j", "B"]),
            (#"a"b c"d e"#, [#"a"b"#, #"c"d"#, "e"]),
            (#"-i "b -m comment --comment "c d""#, ["-i", "\"b", "-m", "comment", "--comment", #""c d""#]),
            (#"-x "a"b c" d"#, ["-x", #""a"b"#, "c\"", "d"]), (#"-x """#, ["-x", #""""#]),
        ]
    )
    func quotedTextIsOneWord(_ line: String, words: [String]) {
        #expect(QuotedWords.split(line) == words)
    }

    @Test func aLineGoesOnWithinAText() {
        let first = "-A INPUT -m comment --comment \"x\n-A INPUT -j WALLWRIGHT-INPUT\n\" -j ACCEPT"
        #expect(
            QuotedWords.lines(of: "\(first)\n\n-A INPUT -j DROP\n") == [Substring(first), "-A INPUT -j DROP"]
        )
        // An interface may be called so; nothing opens there.
        let lines = ["-A INPUT -i \"b -j ACCEPT", "-A INPUT -m comment --comment \" y\" -j DROP"]
        #expect(QuotedWords.lines(of: lines.joined(separator: "\n")) == lines.map { Substring($0) })
    }

    @Test(
        arguments: [
            ("-j WALLWRIGHT-INPUT", true), ("-g WALLWRIGHT-INPUT", true),
            ("-p tcp -j WALLWRIGHT-INPUT", true),
            (#"-j LOG --log-prefix "x -j WALLWRIGHT-INPUT ""#, false),
            ("-m comment --comment -j -j WALLWRIGHT-INPUT", true),
            ("-m comment --comment -j -m comment --comment WALLWRIGHT-INPUT", false),
            ("-m set --match-set -j src -j WALLWRIGHT-INPUT", true),
            ("-m recent --name x -j WALLWRIGHT-INPUT --mask 255.255.255.255 -j ACCEPT", false),
            ("-j IDLETIMER --timeout 5 --label x -j WALLWRIGHT-INPUT", false),
            (#"-j WALLWRIGHT-INPUT""#, false), ("-j WALLWRIGHT_BANS", false), ("-j ACCEPT", false),
        ]
    )
    func aJumpIsWhatTheRuleDoes(_ body: String, isOurs: Bool) throws {
        let rule = try #require(SavedRule("[0:0] -A INPUT \(body)"))
        #expect(rule.isJumpToOwnChain == isOurs)
        #expect(rule.body == body)
    }

    @Test func whatLastsOfAnElementIsToldApart() throws {
        let lines = SavedSetLine.lines(
            of: "create s hash:net family inet hashsize 64 maxelem 9 timeout 0 comment initval 0x1\n"
                + "add s 10.0.0.0/8 timeout 0 nomatch packets 1 bytes 2 comment \"a\nadd t 1.2.3.4\"\n"
                + "add s 10.0.0.1 timeout 7 comment \"back\\\" skbmark 0x1\n"
        )
        #expect(
            lines.map(\.lasting) == [
                ["hash:net", "family", "inet", "maxelem", "9", "timeout", "0", "comment"],
                ["10.0.0.0/8", "for good", "nomatch", "comment", "\"a\nadd t 1.2.3.4\""],
                ["10.0.0.1", "for a time", "comment", "\"back\\\"", "skbmark", "0x1"],
            ]
        )
        #expect(lines[1].writable == "add s 10.0.0.0/8 timeout 0 nomatch packets 1 bytes 2")
    }
}
