import Kernel
import PacketModel
import TestSupport
import Testing

@testable import Deployment

/// What tools list of others' rules, as long as it may be, is read and judged in a time that grows as it does.
@Suite(.serialized) struct LinearListingTests {
    /// So many lines of a kind.
    struct Listing: Sendable, CustomTestStringConvertible {
        var name: String
        var text: @Sendable (Int) -> String
        var testDescription: String { name }
    }

    private static func table(_ lines: some Sequence<String>, chains: String = "") -> String {
        "*filter\n:INPUT ACCEPT [0:0]\n:WALLWRIGHT-INPUT - [0:0]\n\(chains)" + lines.joined() + "COMMIT\n"
    }

    static let ofIptables = [
        Listing(name: "rules of one chain") { count in
            table(
                (0..<count).map {
                    "-A INPUT -s 10.0.\($0 / 256).\($0 % 256)/32 -p tcp -m tcp --dport \($0) -j ACCEPT\n"
                }
            )
        },
        Listing(name: "chains of their own") { count in
            table(
                (0..<count).map {
                    "-A INPUT -p tcp -m tcp --dport \($0) -j f2b-\($0)\n-A f2b-\($0) -s 10.0.0.1/32 -j DROP\n"
                },
                chains: (0..<count).map { ":f2b-\($0) - [0:0]\n" }.joined()
            )
        },
        Listing(name: "rules before ours") { count in
            table(
                (0..<count).map { "-A INPUT -m comment --comment \"x \($0)\" -j ACCEPT\n" } + [
                    "-A INPUT -j WALLWRIGHT-INPUT\n"
                ]
            )
        },
        Listing(name: "ports that are sent on") { count in
            "*nat\n:PREROUTING ACCEPT [0:0]\n:DOCKER - [0:0]\n-A PREROUTING -j DOCKER\n"
                + (0..<count).map {
                    "-A DOCKER ! -i docker0 -p tcp -m tcp --dport \($0 + 1) -j DNAT --to-destination 172.17.0.\($0 % 250 + 2):80\n"
                }.joined() + "COMMIT\n"
        },
        Listing(name: "words within quotes") { count in
            table([
                "-A INPUT -m comment --comment \"" + String(repeating: "\\\" -j X ", count: count)
                    + "\" -j ACCEPT\n"
            ])
        },
    ]

    static let ofNftables = [
        Listing(name: "rules of one chain") { count in
            "table inet x {\n\tchain c {\n\t\ttype filter hook input priority filter; policy accept;\n"
                + (0..<count).map { "\t\tip saddr 10.0.\($0 / 256).\($0 % 256) tcp dport \($0) accept\n" }
                .joined() + "\t}\n}\n"
        },
        Listing(name: "tables") { count in
            (0..<count).map {
                "table ip t\($0) {\n\tset s {\n\t\ttype ipv4_addr\n\t}\n\tchain c {\n\t\ttcp dport 80 redirect to :\($0)\n\t}\n}\n"
            }
            .joined()
        },
        Listing(name: "a long line") { count in
            "table inet x {\n\tchain c {\n\t\ttcp dport { "
                + (1...count).map { "\($0)" }.joined(separator: ", ")
                + " } accept\n\t}\n}\n"
        },
    ]

    private func openings(_ question: String, _ text: String) async throws -> Openings {
        var sample = try PreflightSample()
        sample.answers[question] = .success(text)
        return Openings(await VisibleRules(reading: sample.host()), comparing: nil)
    }

    @Test(arguments: ofIptables) func rulesOfIptablesAreJudgedInLinearTime(_ listing: Listing) {
        let owners = RuleOwner.leftOut(everyone: false)
        let slope = Slope.of(150, input: listing.text) { text in
            _ = IptablesSave(text, without: owners).text
            _ = SavedRules(text)
            for line in text.split(separator: "\n") {
                let words = QuotedWords.split(line)
                _ = VisibleRule(iptables: words, in: "ip filter", owner: nil)
                _ = RuleWords(words)
            }
        }
        #expect(slope < Slope.steepest)
    }

    @Test(arguments: ofNftables) func rulesOfNftablesAreJudgedInLinearTime(_ listing: Listing) {
        let owners = RuleOwner.leftOut(everyone: false)
        let slope = Slope.of(150, input: listing.text) { text in
            for rule in NftListing(text).rules {
                _ = VisibleRule(nftables: rule.text, in: rule.table, chain: rule.chain, owner: nil)
            }
            for table in OwnerRules.tables(text) { _ = BootableTable(table) }
            _ = NftablesSave(OwnerRules.tables(text), without: owners).text
            _ = NftElements.split(text)
        }
        #expect(slope < Slope.steepest)
    }

    /// Who asks tools waits for them in other threads, so time is taken as it passes.
    @Test(arguments: [
        ("iptables-nft-save", ofIptables), ("nft --stateless --terse list ruleset", ofNftables),
    ])
    func whoOpensWhatIsToldInLinearTime(_ question: String, _ listings: [Listing]) async throws {
        for listing in listings {
            var least = [Duration.seconds(1_000), .seconds(1_000)]
            var slope = Double.infinity
            for attempt in 0..<8 where attempt < 2 || slope > Slope.steepest + 0.3 {
                for (index, count) in [300, 1_200].enumerated() {
                    let start = ContinuousClock.now
                    _ = try await openings(question, listing.text(count))
                    least[index] = min(least[index], ContinuousClock.now - start)
                }
                slope = log4(least[1] / max(least[0], .milliseconds(2)))
            }
            #expect(slope < Slope.steepest + 0.3, "\(listing.name): \(least)")
        }
    }

    private func log4(_ ratio: Double) -> Double { Slope.exponent(of: ratio, over: 4) }
}
