import Compiler
import Glibc
import Kernel
import PacketModel
import SystemPackage
import TestSupport
import Testing

@Suite(.needsRoot) struct IptablesBackendTests {
    @Test(arguments: IptablesVariant.allCases)
    func twoCommitsInsertEachJumpOnce(_ variant: IptablesVariant) async throws {
        let namespace = try await NetworkNamespace.make()
        let backend = try IptablesBackend(variant)
        try await backend.commit(program(port: 22), in: namespace)
        try await backend.commit(program(port: 2222), in: namespace)
        for family in IPFamily.allCases {
            let rules = try await rules(of: variant, family, in: namespace)
            #expect(rules.filter { $0 == "-A INPUT -j WALLWRIGHT-INPUT" }.count == 1)
            #expect(rules.filter { $0.hasPrefix("-A PREROUTING -j") }.count == 1)
            #expect(rules.contains { $0.contains("--dport 2222") })
            #expect(!rules.contains { $0.contains("--dport 22 ") })
        }
    }

    @Test(arguments: IptablesVariant.allCases)
    func theJumpGoesBeforeTheRulesOfOthersWhichStay(_ variant: IptablesVariant) async throws {
        let namespace = try await NetworkNamespace.make()
        try await Tool(named: "iptables-\(variant.rawValue)").run(
            ["-A", "INPUT", "-j", "DROP"],
            in: namespace
        )
        try await IptablesBackend(variant).commit(program(port: 22), in: namespace)
        let rules = try await rules(of: variant, .ipv4, in: namespace).filter { $0.hasPrefix("-A INPUT") }
        #expect(rules == ["-A INPUT -j WALLWRIGHT-INPUT", "-A INPUT -j DROP"])
    }

    @Test(arguments: IptablesVariant.allCases, IPFamily.allCases)
    func anErrorInEitherFamilyLoadsNothing(_ variant: IptablesVariant, family: IPFamily) async throws {
        let namespace = try await NetworkNamespace.make()
        var program = program(port: 22)
        switch family {
        case .ipv4: program.ipv4.text = "*filter\n-A INPUT -m no-such-match -j DROP\nCOMMIT\n"
        case .ipv6: program.ipv6.text = "*filter\n-A INPUT -m no-such-match -j DROP\nCOMMIT\n"
        }
        let refused = program
        let error = await #expect(throws: CommitError.self) {
            try await IptablesBackend(variant).commit(refused, in: namespace)
        }
        guard case .refused = error else {
            Issue.record("\(String(describing: error)) is another error")
            return
        }
        for family in IPFamily.allCases {
            #expect(try await rules(of: variant, family, in: namespace).isEmpty)
        }
        #expect(try await sets(in: namespace).isEmpty)
    }

    @Test(arguments: IptablesVariant.allCases)
    func aFailureInTheSecondFamilyPutsTheFirstBack(_ variant: IptablesVariant) async throws {
        let namespace = try await NetworkNamespace.make()
        try await IptablesBackend(variant).commit(program(port: 22, set: "old"), in: namespace)
        let before = try await rules(of: variant, .ipv4, in: namespace)
        var tools = try IptablesTools(variant)
        let failing = try FailingRestore(standingInFor: try #require(tools.restore[.ipv6]))
        defer { failing.remove() }
        tools.restore[.ipv6] = failing.tool
        let backend = IptablesBackend(tools: tools)
        let second = program(port: 2222, set: "new")
        let error = await #expect(throws: CommitError.self) {
            try await backend.commit(second, in: namespace)
        }
        guard case .restored(failed: .ipv6, .failed(_, status: 7, _)) = error else {
            Issue.record("\(String(describing: error)) is another error")
            return
        }
        #expect(try await rules(of: variant, .ipv4, in: namespace) == before)
        #expect(try await sets(in: namespace) == ["old"])
    }

    /// `iptables-nft-restore --test` does not ask the kernel.
    @Test func whatOnlyTheKernelRefusesIsPutBack() async throws {
        let namespace = try await NetworkNamespace.make()
        var program = program(port: 22)
        program.ipv6.text = "*filter\n-A NO-SUCH-CHAIN -j RETURN\nCOMMIT\n"
        let refused = program
        let error = await #expect(throws: CommitError.self) {
            try await IptablesBackend(.nft).commit(refused, in: namespace)
        }
        guard case .restored(failed: .ipv6, _) = error else {
            Issue.record("\(String(describing: error)) is another error")
            return
        }
        #expect(try await rules(of: .nft, .ipv4, in: namespace).isEmpty)
    }

    @Test(arguments: IptablesVariant.allCases)
    func whatTheNewProgramHasNotGotIsTakenAway(_ variant: IptablesVariant) async throws {
        let namespace = try await NetworkNamespace.make()
        let backend = try IptablesBackend(variant)
        try await backend.commit(program(port: 22, set: "ww-1"), in: namespace)
        for table in ["nat", "filter"] {
            try await Tool(named: "iptables-\(variant.rawValue)").run(
                ["-t", table, "-A", "OUTPUT", "-j", "RETURN", "-m", "comment", "--comment", "of others"],
                in: namespace
            )
        }
        let text = "*filter\n:WALLWRIGHT-INPUT - [0:0]\nCOMMIT\n"
        let jump = IptablesProgram.Jump(table: "filter", chain: "INPUT", words: ["-j", "WALLWRIGHT-INPUT"])
        let family = IptablesProgram.Family(text: text, jumps: [jump])
        let smaller = IptablesProgram(ipv4: family, ipv6: family, ipset: "create ww-2 hash:net family inet\n")
        try await backend.check(smaller, in: namespace)
        #expect(try await sets(in: namespace) == ["ww-1"])
        try await backend.commit(smaller, in: namespace)
        let other = "-A OUTPUT -m comment --comment \"of others\" -j RETURN"
        let rules = try await rules(of: variant, .ipv4, in: namespace)
        #expect(rules.sorted() == ["-A INPUT -j WALLWRIGHT-INPUT", other[...], other[...]])
        let save = try Tool(named: "iptables-\(variant.rawValue)-save")
        #expect(try await !save.run([], text: "", in: namespace).contains("WALLWRIGHT-PRE"))
        #expect(try await sets(in: namespace) == ["ww-2"])
    }

    @Test(arguments: IptablesVariant.allCases)
    func aSetThatOthersUseStays(_ variant: IptablesVariant) async throws {
        let namespace = try await NetworkNamespace.make()
        let backend = try IptablesBackend(variant)
        try await backend.commit(program(port: 22, set: "ww-1"), in: namespace)
        try await Tool(named: "iptables-\(variant.rawValue)").run(
            ["-A", "OUTPUT", "-m", "set", "--match-set", "ww-1", "dst", "-j", "DROP"],
            in: namespace
        )
        try await backend.commit(program(port: 22, set: "ww-2"), in: namespace)
        #expect(try await sets(in: namespace).sorted() == ["ww-1", "ww-2"])
    }

    @Test func setsAreMadeBeforeTheRulesThatNeedThem() async throws {
        let namespace = try await NetworkNamespace.make()
        let backend = try IptablesBackend(.nft)
        try await backend.check(program(port: 22), in: namespace)
        #expect(try await sets(in: namespace).isEmpty)
        try await backend.commit(program(port: 22), in: namespace)
        #expect(try await sets(in: namespace) == ["wallwright-1"])
    }

    @Test func thisMachineHasEveryBackend() async throws {
        let availability = try await BackendAvailability.detect()
        #expect(availability.nftables == nil)
        #expect(availability.iptables.isEmpty)
        #expect(availability.ipset == nil)
    }

    private func program(port: Int, set: String = "wallwright-1") -> IptablesProgram {
        let filter = """
            *filter
            :WALLWRIGHT-INPUT - [0:0]
            -A WALLWRIGHT-INPUT -p tcp --dport \(port) -j RETURN
            """
        let match = "-A WALLWRIGHT-INPUT -m set --match-set \(set) src -j DROP"
        let nat = "*nat\n:WALLWRIGHT-PRE - [0:0]\nCOMMIT\n"
        let jumps: [IptablesProgram.Jump] = [
            .init(table: "filter", chain: "INPUT", words: ["-j", "WALLWRIGHT-INPUT"]),
            .init(table: "nat", chain: "PREROUTING", words: ["-j", "WALLWRIGHT-PRE"]),
        ]
        return IptablesProgram(
            ipv4: .init(text: "\(filter)\n\(match)\nCOMMIT\n\(nat)", jumps: jumps),
            ipv6: .init(text: "\(filter)\nCOMMIT\n\(nat)", jumps: jumps),
            ipset: "create \(set) hash:net family inet\nadd \(set) 192.0.2.0/24\n"
        )
    }

    private func rules(
        of variant: IptablesVariant,
        _ family: IPFamily,
        in namespace: NetworkNamespace
    ) async throws -> [Substring] {
        let program = family == .ipv4 ? "iptables" : "ip6tables"
        let save = try Tool(named: "\(program)-\(variant.rawValue)-save")
        return try await save.run([], text: "", in: namespace).split(separator: "\n").filter {
            $0.hasPrefix("-A")
        }
    }

    private func sets(in namespace: NetworkNamespace) async throws -> [Substring] {
        try await Tool(named: "ipset").run(["list", "-name"], text: "", in: namespace).split(separator: "\n")
    }
}

/// Stands in for a restore tool that passes the test and then fails to add, as one does when the kernel's state
/// changed between; it does put tables back.
private struct FailingRestore {
    let tool: Tool

    init(standingInFor real: Tool) throws {
        let path = FilePath("/tmp/wallwright-test-\(UInt64.random(in: .min ... .max))")
        let script = """
            #!/bin/sh
            case " $* " in
            *" --test "*) exec \(real.path) "$@" ;;
            *" --noflush "*) exit 7 ;;
            *) exec \(real.path) "$@" ;;
            esac

            """
        let file = try FileDescriptor.open(
            path,
            .writeOnly,
            options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: [.ownerReadWriteExecute]
        )
        try file.closeAfter { _ = try file.writeAll(script.utf8) }
        tool = Tool(path: path)
    }

    func remove() {
        _ = unsafe unlink(tool.path.string)
    }
}
