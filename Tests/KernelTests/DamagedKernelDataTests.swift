import PacketModel
import TestSupport
import Testing

@testable import Kernel

/// What the kernel and its tools say may be cut off, or be of a kernel that nobody knows: none of it ends the program.
@Suite struct DamagedKernelDataTests {
    private static let saved = [
        "[12:3400] -A INPUT -m comment --comment \"a \\\" b\" -m hashlimit --hashlimit-name x --hashlimit-htable-max 5 -j X",
        "create s hash:net family inet hashsize 64 maxelem 9 timeout 0\nadd s 10.0.0.0/8 timeout 5 packets 1 bytes 2",
        "*filter\n:INPUT ACCEPT [1:2]\n:WALLWRIGHT-INPUT - [0:0]\n[1:2] -A INPUT -j WALLWRIGHT-INPUT\nCOMMIT\n",
    ]

    @Test func listingsOfToolsAreReadToTheirEnd() {
        for (number, text) in Self.saved.enumerated() {
            var texts = ExtremeNumbers.texts(of: text, random: 50, seed: 7)
            for seed in UInt64(0)..<400 {
                var random = SplitMix64(state: seed)
                var bytes = Array(text.utf8)
                let pieces = Self.saved + ["\"", "\\", "\n", "-j", " -A ", "[", "]", ":", "\u{301}"]
                bytes.damage(Int.random(in: 1...8, using: &random), with: pieces, using: &random)
                texts.append(String(decoding: bytes, as: UTF8.self))
            }
            for text in texts {
                let state = IptablesState(text)
                var counters = FirewallCounters()
                state.count(into: &counters)
                _ = (state.own, state.hashlimits, state.listing(.ipv4), state.banListing(.ipv4))
                _ = state.own.text(over: state)
                _ = IpsetListing.parts(text)
                IpsetListing.count(text, into: &counters)
                _ = SavedRules(text)
                let words = QuotedWords.words(of: text[...])
                #expect(words.joined().utf8.count <= text.utf8.count, "\(number)")
            }
        }
    }
}
