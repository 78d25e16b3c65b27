import Diagnostics
import Foundation
import PacketModel
import TestSupport
import Testing

@testable import Iptables

/// Damaged save files: each is read to its end, and what is taken is printed in a form that is read as the same.
///
/// `WALLWRIGHT_FUZZ` is for how many seconds more than the usual files are tried.
@Suite struct SaveFuzzTests {
    private static let names = NameDatabase(
        services: "ssh 22/tcp\nhttp 80/tcp\ndomain 53/udp\n",
        protocols: "tcp 6\nudp 17\nicmp 1\nipv6-icmp 58\n"
    )

    private static let pieces = [
        "! ", " -m ", " -p tcp", " -j ", " --", "-A INPUT", "-I INPUT 1", ":NEW - [0:0]\n", "*nat\n",
        "COMMIT\n", "\n",
        "\"", "\\", "'", "0x", "/", "/0", ",", ":", "-", "255", "4294967296", "18446744073709551616", "::",
        "ffff::/16",
        "1.2.3.4", "10/8", "[1:2] ", " -f", " -g X", "\u{0}", "\u{FF}", "\r", "\t", "RETURN", "%", "a\u{301}",
    ]

    @Test(arguments: IPFamily.allCases)
    func `a damaged save file is read to its end, and printed as it is read`(family: IPFamily) throws {
        let rules = ExtensionRegistry.all.filter { $0.families.contains(family) }.flatMap { syntax in
            syntax.examples.map { example in
                let option = syntax.protocols.map { " " + $0.text } ?? ""
                let hasOwn = example.contains("-p ")
                return "-A \(chain(of: syntax))\(hasOwn ? "" : option) \(example)\n"
            }
        }
        let seconds = ProcessInfo.processInfo.environment["WALLWRIGHT_FUZZ"].flatMap(Double.init)
        let end = seconds.map { ContinuousClock.now + .seconds($0) }
        var number: UInt64 = 0
        while end.map({ ContinuousClock.now < $0 }) ?? (number < 3_000) {
            number += 1
            try check(file(rules, number), family, number)
        }
        print("fuzz of save files, \(family): \(number)")
    }

    private func chain(of syntax: ExtensionSyntax) -> String {
        (syntax.hooks.flatMap { hooks in BuiltInChain.allCases.first(where: hooks.contains) } ?? .input)
            .rawValue
    }

    private func file(_ rules: [String], _ number: UInt64) -> [UInt8] {
        var random = SplitMix64(state: number)
        var text =
            "*\(["filter", "mangle", "raw", "nat"].randomElement(using: &random) ?? "filter")\n:C - [0:0]\n"
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            text += rules.randomElement(using: &random) ?? ""
        }
        var bytes = Array((text + "COMMIT\n").utf8)
        bytes.damage(Int.random(in: 0...5, using: &random), with: Self.pieces, using: &random)
        return bytes
    }

    private func check(_ bytes: [UInt8], _ family: IPFamily, _ number: UInt64) throws {
        // The tool prints some names without the quotes that they would need.
        guard let first = printed(bytes, family), !bytes.contains(UInt8(ascii: "\"")) else { return }
        #expect(printed(first, family) == first, "file \(number): \(String(decoding: bytes, as: UTF8.self))")
    }

    /// Nil when it is refused.
    private func printed(_ bytes: [UInt8], _ family: IPFamily) -> [UInt8]? {
        let source = SourceFile(name: "rules", bytes: bytes)
        let (file, errors) = SaveFileReader.read(source, family: family, names: Self.names)
        let (ruleset, more) = LoadedRuleset.load(file, from: source, family: family)
        guard !(errors + more).hasErrors else { return nil }
        _ = ruleset.meaning(names: Self.names)
        return ruleset.text(names: Self.names)
    }
}
