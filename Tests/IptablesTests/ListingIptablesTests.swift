import Diagnostics
import PacketModel
import Shell
import Testing

@testable import Iptables

/// What a script reads of `iptables -S` and `iptables -L` is what the tools print.
@Suite(.enabled(if: Sandbox.isAvailable, Sandbox.unavailable), .serialized)
struct ListingIptablesTests {
    private static let commands = [
        "-N FOO", "-A FOO -j RETURN", "-A INPUT -i lo -j ACCEPT", "-A INPUT -s 10.0.0.0/8 -j FOO",
        "-A INPUT ! -s 1.2.3.4 -d 5.6.7.8 -p udp -j DROP", "-A INPUT -p tcp --dport 22 -j ACCEPT",
        "-A INPUT -f -j LOG --log-prefix x", "-A INPUT ! -f -g FOO", "-A INPUT ! -p icmp", "-P FORWARD DROP",
        "-A OUTPUT -p icmp -m limit --limit 3/min -j REJECT", "-N LONGER-NAME.12",
        "-A INPUT -i eth+ -j LONGER-NAME.12",
        "-A FORWARD ! -i eth0 -o longinterface1 ! -s 10.0.0.0/8 -p tcp -g LONGER-NAME.12",
        "-A FORWARD -i + -p 47",
    ]

    @Test(arguments: [
        "-S", "-S FOO", "-S INPUT 2", "-S INPUT 9", "-L -n", "-nL INPUT --line-numbers", "-L FOO -n",
        "-t nat -S",
        "-n -L OUTPUT", "-t nat -nL", "-nL INPUT 2",
        "-L -n -v", "-nvL INPUT --line-numbers", "-L -v -n -x", "-vxnL INPUT --line-numbers",
        "-L INPUT 1 -v -n",
        "-t nat -L -v -n",
    ])
    func `a listing is that of the tool, as far as it is known`(listing: String) throws {
        let setUp = Self.commands.map { "iptables \($0)\n" }.joined()
        let result = try Sandbox.run(setUp + "iptables-nft \(listing)")
        let source = SourceFile(name: "script", text: setUp)
        let ruleset = ScriptReading.read(source, names: Oracle.names).outcomes[0].ruleset(.ipv4)
        let words = listing.split(separator: " ").map { Word(Array($0.utf8), SourceRange.start) }
        let read = CommandReader.commandLine(words, family: .ipv4, names: Oracle.names)
        guard case .list(let chain, let options)? = read.command?.action else {
            Issue.record("\(listing) is no listing")
            return
        }
        let text = try #require(ruleset.listed(chain, options, in: read.table, names: Oracle.names))
        let theirs = result.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(text.lines.count == theirs.count, "\(result.output)")
        for (line, their) in zip(text.lines, theirs) {
            #expect(line.isLike(their), "\(listing): \(line.shown) is not \(their)")
        }
    }
}

extension ShellText {
    /// What is known of it stands in the other text, in order, and nothing else where all is known.
    fileprivate func isLike(_ other: Substring) -> Bool {
        guard !isKnown else { return other.utf8.elementsEqual(bytes) }
        var (rest, begin) = (Array(other.utf8)[...], 0)
        for (place, gap) in gaps.enumerated() {
            let part = bytes[begin..<gap.offset]
            guard let found = rest.firstRange(of: part) else { return false }
            // Before the first gap nothing else stands.
            if place == 0, found.lowerBound != rest.startIndex, !part.isEmpty { return false }
            rest = rest[found.upperBound...]
            begin = gap.offset
        }
        return rest.reversed().starts(with: bytes[begin...].reversed())
    }
}
