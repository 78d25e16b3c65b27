import Compiler
import Kernel
import PacketModel
import TestSupport
import Testing

@testable import Deployment

/// What strangers' rules say is put back as it was, or stays as it is; and never becomes something else.
@Suite(.needsRoot) struct HostileRulesRestoreKernelTests {
    private static let file = """
        *filter
        :INPUT ACCEPT [0:0]
        -A INPUT -p tcp -m tcp --dport 23 -j DROP
        COMMIT

        """

    @Test(arguments: IptablesVariant.allCases)
    func theWayBackLeadsToTheSameBytes(_ variant: IptablesVariant) async throws {
        let tool = try Tool(named: "iptables-\(variant.rawValue)")
        var random = SplitMix64(state: 12)
        for rules in [HostileRules.each, HostileRules.random(40, &random)] {
            let namespace = try await NetworkNamespace.make()
            for rule in rules {
                do {
                    try await tool.run(["-A", "INPUT"] + rule, in: namespace)
                } catch {
                    guard case .failed = error else { throw error }
                }
            }
            let before = try await tool.run(["-S", "INPUT"], in: namespace)

            let folder = try PersistentHost([])
            try folder.write("/rules", Self.file)
            let path = "\(folder.root)/rules"
            let files = try SavedFiles(ipv4: path, ipv6: nil, sets: nil, tables: nil)
            let load = try await DryLoad(for: namespace, variant)
            let (wanted, _) = try await load.rules(files, everyone: false)
            let others = OthersFirewall(in: namespace)
            let back = try await others.installed(at: wanted)
            try await others.install(wanted)
            let expected = try await OthersFirewall.expectedListing(of: wanted)
            #expect(try await others.listing(of: wanted).differences(from: expected) == [])
            let during = try await tool.run(["-S", "INPUT"], text: "", in: namespace)
            #expect(during.contains("--dport 23"))
            #expect(!during.contains("--log-prefix -j"))
            try await others.install(back)
            #expect(try await tool.run(["-S", "INPUT"], in: namespace) == before)
        }
    }

    /// What iptables-restore would not read as it is meant is in no file, and it is said.
    @Test func aSavedFileHoldsWhatCanBeReadBack() {
        let strange = "-A INPUT -m comment --comment \"x\n-A INPUT -j ACCEPT\" -j DROP"
        let plain = "-A INPUT -m comment --comment \"a \\\" b\" -j DROP"
        let saved = IptablesSave("*filter\n:INPUT DROP [0:0]\n\(strange)\n\(plain)\nCOMMIT\n", without: [])
        #expect(saved.text == "*filter\n:INPUT DROP [0:0]\n\(plain)\nCOMMIT\n")
        #expect(saved.leftOut.lines.count == 1)
    }

    /// A set that differs in a word of an element alone is another set.
    @Test func anExceptionIsRestored() async throws {
        let namespace = try await NetworkNamespace.make()
        let ipset = try Tool(named: "ipset")
        let header = "create mine hash:net family inet timeout 0 comment\n"
        let saved = header + "add mine 192.0.2.0/24 timeout 0 comment \"a b\"\n"
        let live = header + "add mine 192.0.2.0/24 timeout 0 nomatch comment \"a b\"\n"
        try await ipset.run(["restore"], text: live, in: namespace)
        let copy = try await NetworkNamespace.make()
        try await ipset.run(["restore"], text: saved, in: copy)
        let asSaved = try await ipset.run(["save"], text: "", in: copy)
        var wanted = OthersRules(everyone: false, variant: .nft)
        wanted.sets = [.init(name: "mine", text: asSaved)]
        let others = OthersFirewall(in: namespace)
        let expected = try await OthersFirewall.expectedListing(of: wanted)
        #expect(try await others.listing(of: wanted) != expected)
        try await others.install(wanted)
        #expect(try await !ipset.run(["save"], text: "", in: namespace).contains("nomatch"))
        #expect(try await others.listing(of: wanted).differences(from: expected) == [])
    }
}
