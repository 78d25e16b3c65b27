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
        "-A OUTPUT -p icmp -m limit --limit 3/min -j REJECT",
    ]

    @Test(arguments: [
        "-S", "-S FOO", "-S INPUT 2", "-S INPUT 9", "-L -n", "-nL INPUT --line-numbers", "-L FOO -n",
        "-t nat -S",
        "-n -L OUTPUT", "-t nat -nL", "-nL INPUT 2",
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
            let known = String(
                decoding: line.bytes[..<(line.gaps.first?.offset ?? line.bytes.count)],
                as: UTF8.self
            )
            #expect(line.isKnown ? known == their : their.hasPrefix(known), "\(listing)")
        }
    }
}
