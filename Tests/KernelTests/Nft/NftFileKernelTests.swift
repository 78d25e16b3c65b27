import Diagnostics
import Foundation
import Netlink
import TestSupport
import Testing

@testable import Kernel
@testable import Nftables

/// Files for nft are printed so that nft makes the same of them again. The judge is what nft itself shows.
@Suite(.needsRoot) struct NftFileKernelTests {
    private static func nft(_ arguments: [String], _ text: String, in namespace: NetworkNamespace)
        async throws -> String
    {
        try await Tool(named: "nft").run(arguments, text: text, in: namespace)
    }

    private static func listing(_ namespace: NetworkNamespace) async throws -> String {
        let text = try await nft(["-j", "list", "ruleset"], "", in: namespace)
        return text.replacing(/"handle": [0-9]+(, )?/, with: "").replacing(/, "expires": [0-9]+/, with: "")
    }

    private static func printed(_ text: String) async throws -> String {
        let reading = try await NftFile(SourceFile(name: "rules.nft", text: text), path: nil).read()
        switch reading {
        case .text(let text): return text
        case .refused(let diagnostics):
            Issue.record("\(TerminalRenderer(usesColour: false).render(diagnostics))")
        case .unread(let parts): Issue.record("\(parts)")
        }
        return ""
    }

    /// The rules that the nft of this host, on its kernel, takes in this family.
    private static func loadable(_ family: String, _ rules: [String]) async throws -> [String] {
        var rules = rules
        for _ in 0..<rules.count {
            let (text, first) = NftRules.table(family, rules)
            do {
                _ = try await nft(["-f", "-"], text, in: try await .make())
                return rules
            } catch ToolError.failed(_, _, let message) {
                let places = Set(NftMessages.lines(of: message).map { $0 - first })
                let refused = rules.indices.filter(places.contains)
                if refused.isEmpty { throw ToolError.failed(program: "nft", status: 1, message: message) }
                rules = rules.indices.filter { !places.contains($0) }.map { rules[$0] }
            }
        }
        return rules
    }

    @Test(arguments: NftRules.families)
    func `every rule is printed so that it loads the same`(family: String) async throws {
        let all = try NftRules.rules(of: family)
        var (loaded, expressions) = (0, [String: Int]())
        for start in stride(from: 0, to: all.count, by: 400) {
            let rules = try await Self.loadable(family, Array(all[start..<min(all.count, start + 400)]))
            loaded += rules.count
            let text = NftRules.table(family, rules).text
            let original = try await NetworkNamespace.make()
            _ = try await Self.nft(["-f", "-"], text, in: original)
            let dump = try await original.run { try KernelDump.read() }
            expressions.merge(dump.expressions) { $0 + $1 }
            let words = try await Self.printed(text)
            let copy = try await NetworkNamespace.make()
            _ = try await Self.nft(["-f", "-"], words, in: copy)
            let (before, after) = (try await Self.listing(original), try await Self.listing(copy))
            #expect(before == after, "\(family) \(rules[0])")
            let again = try await Self.printed(words)
            #expect(again == words)
        }
        let coverage = expressions.sorted { $0.key < $1.key }.map { "\($0) \($1)" }.joined(separator: ", ")
        print("\(family): \(loaded) of \(all.count) rules loaded and printed; \(coverage)")
        #expect(loaded * 10 >= all.count * 9)
    }

    @Test(arguments: NftRulesets.all)
    func `whole files are printed so that they load the same`(text: String) async throws {
        let words = try await Self.printed(text)
        try #require(!words.isEmpty)
        let (original, copy) = (try await NetworkNamespace.make(), try await NetworkNamespace.make())
        _ = try await Self.nft(["-f", "-"], text, in: original)
        _ = try await Self.nft(["-f", "-"], words, in: copy)
        let (before, after) = (try await Self.listing(original), try await Self.listing(copy))
        #expect(before == after, "\(words)")
        let again = try await Self.printed(words)
        #expect(again == words)
    }

    @Test(arguments: [
        ("table ip t {\n\tchain c {\n\t\ttcp dport 70000 accept\n\t}\n}\n", 3, 13),
        ("table ip t {\n\tchain c {\n\t\tjump nowhere\n\t}\n}\n", 3, 8),
        ("include \"./is-not-there.nft\"\n", 1, 1),
    ])
    func `what nft refuses has its place`(text: String, line: Int, column: Int) async throws {
        let reading = try await NftFile(SourceFile(name: "rules.nft", text: text), path: nil).read()
        guard case .refused(let diagnostics) = reading else {
            Issue.record("\(reading)")
            return
        }
        let place = try #require(diagnostics.first?.primary)
        #expect(place.source.name == "rules.nft")
        #expect(place.source.position(of: place.range.start) == SourcePosition(line: line, column: column))
    }

    @Test func `interfaces that rules need are there`() async throws {
        let text = """
            define uplink = wan0
            table netdev t {
                chain c { type filter hook ingress device $uplink priority 0; }
            }
            table inet f {
                chain c { iif "eth7" oif { "lo", "eth8" } accept; }
            }
            """
        let words = try await Self.printed(text)
        #expect(words.contains("device \"wan0\""))
        #expect(words.contains("iif \"eth7\" oif { \"lo\", \"eth8\" } accept"))
    }

    @Test func `what no reader knows is said and not printed`() async throws {
        let namespace = try await NetworkNamespace.make()
        try await Tool(named: "iptables-nft").run(
            ["-A", "INPUT", "-m", "statistic", "--mode", "random", "--probability", "0.5", "-j", "ACCEPT"],
            in: namespace
        )
        let dump = try await namespace.run { try KernelDump.read() }
        let unread = try NftablesText(dump, interfaces: [:]).text().unread
        #expect(unread.map(\.name) == ["match"])
        #expect(unread.first?.place == "rule 1 of chain INPUT of table ip filter")
    }

    /// Bytes that the kernel would not say are an error, or something that is not understood; none of them ends the program.
    @Test func `damaged answers of the kernel do no harm`() async throws {
        let namespace = try await NetworkNamespace.make()
        for text in NftRulesets.all where !text.contains("flush ruleset") {
            // Some have tables of one name.
            _ = try await Self.nft(["-f", "-"], "flush ruleset\n" + text, in: namespace)
            let dump = try await namespace.run { try KernelDump.read() }
            for seed in UInt64(0)..<60 {
                var random = SplitMix64(state: seed)
                var damaged = dump
                for _ in 0..<4 {
                    damaged.rules.damageOne(using: &random)
                    damaged.sets.damageOne(using: &random)
                    damaged.chains.damageOne(using: &random)
                    damaged.objects.damageOne(using: &random)
                    for place in damaged.elements.indices {
                        damaged.elements[place].damageOne(using: &random)
                    }
                }
                do {
                    _ = try NftablesText(damaged, interfaces: [:]).text()
                } catch {
                    #expect(!error.description.isEmpty)
                }
                _ = damaged.places(differingFrom: dump)
            }
        }
    }
}

extension [NetlinkMessage] {
    fileprivate mutating func damageOne(using random: inout SplitMix64) {
        guard let place = indices.randomElement(using: &random) else { return }
        var bytes = [UInt8](self[place].body)
        bytes.damage(1, with: ["\0\0\0\0", "\u{7F}\u{7F}"], using: &random)
        self[place].body = bytes[...]
    }
}
