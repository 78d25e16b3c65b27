import Compiler
import Kernel
import PacketModel

/// All rules of everybody on this host, in a namespace with a world around it: what is to be restored is tried there
/// before it is put into the kernel.
struct HostCopy {
    private let network: TestNetwork
    private let logins: [Conversation]
    private let window: Duration = .seconds(2)

    /// Throws where no copy can be made: in some containers the settings of the kernel are read-only.
    static func make(of host: NetworkNamespace?, for facts: HostFacts) async throws -> HostCopy {
        let copy = try await bare(for: facts)
        try await ScratchNamespace.addInterfaces(of: host, to: copy.namespace)
        try await load(LiveText.read(in: host), into: copy.namespace)
        return copy
    }

    /// One without any rule.
    static func bare(for facts: HostFacts) async throws -> HostCopy {
        let own = facts.session.connection.flatMap { $0.remote.isRoutable && $0.local.isRoutable ? $0 : nil }
        let link = own.map(SelfProbe.link) ?? TestNetwork.Link(name: "eth0", number: 1)
        let network = try await TestNetwork.make(links: [link])
        let logins =
            own.map { [Conversation(.tcp(port: $0.localPort), from: $0.remote, to: $0.local, on: link.name)] }
            ?? IPFamily.allCases.flatMap { family in
                facts.sshPorts.compactMap { port in
                    guard let inside = link.insideAddress(family), let outside = link.outsideAddress(family)
                    else { return nil }
                    return Conversation(.tcp(port: port), from: outside, to: inside, on: link.name)
                }
            }
        return HostCopy(network: network, logins: logins)
    }

    /// Where its rules are.
    var namespace: NetworkNamespace { network.inside }

    private static func load(_ live: LiveText, into namespace: NetworkNamespace) async throws {
        if !live.sets.isEmpty {
            try await Tool(named: "ipset").run(["restore"], text: live.sets, in: namespace)
        }
        for (program, text) in live.iptables where !text.isEmpty {
            let lines = QuotedWords.lines(of: text).filter { SavedRule($0)?.isWritable ?? true }
            let writable = lines.map { $0 + "\n" }.joined()
            try await Tool(named: "\(program)-restore").run([], text: writable, in: namespace)
        }
        if !live.tables.isEmpty {
            try await Tool(named: "nft").run(["-f", "-"], text: live.tables, in: namespace)
        }
    }

    /// Installs the rules in the copy; throws when the kernel does not hold them then.
    func install(_ rules: OthersRules) async throws {
        let copy = OthersFirewall(in: network.inside)
        try await copy.install(rules)
        let expected = try await OthersFirewall.expectedListing(of: rules)
        if let first = try await copy.listing(of: rules).differences(from: expected).first {
            throw ChangeError.failed("tried in a copy, it does not become what it is to be: \(first)")
        }
    }

    /// The logins that get in: one like the session that the person is in, or else one to each port of SSH.
    func admitted() async throws -> [Conversation] {
        let outcomes = try await Laboratory(network, window: window).run(logins.map(Probe.conversation))
        return zip(logins, outcomes).filter { $0.1.observation == .passed }.map(\.0)
    }
}

/// What the tools show of everybody's rules.
private struct LiveText {
    var sets = ""
    /// By the name of the tools.
    var iptables: [(program: String, text: String)] = []
    var tables = ""

    static func read(in namespace: NetworkNamespace?) async throws -> LiveText {
        var live = LiveText()
        func said(_ program: String, _ arguments: [String]) async throws -> String {
            try await Tool(named: program).run(arguments, text: "", in: namespace)
        }
        if Tool.isInstalled("ipset") { live.sets = try await said("ipset", ["save"]) }
        for variant in IptablesVariant.allCases {
            for program in ["iptables-\(variant.rawValue)", "ip6tables-\(variant.rawValue)"]
            where Tool.isInstalled("\(program)-save") {
                live.iptables.append((program, try await said("\(program)-save", [])))
            }
        }
        for table in try await LiveRules.read(in: namespace).tables where !table.isOfIptables {
            live.tables += table.text
        }
        return live
    }
}
