import Kernel
import PacketModel

/// What is to be written, as the boot will load it.
struct SavedFirewall: Sendable {
    /// For `ipset restore`.
    var sets: String?
    /// For `nft -f`; with the file of the person's that includes it, where it can be read.
    var tables: String?
    var iptables: [IPFamily: String] = [:]

    var isEmpty: Bool { sets == nil && tables == nil && iptables.isEmpty }

    /// Loads it into a namespace, in the order of a boot.
    func load(into namespace: NetworkNamespace) async throws {
        if let sets { try await Tool(named: "ipset").run(["restore"], text: sets, in: namespace) }
        for (family, text) in iptables {
            let program = family == .ipv4 ? "iptables-restore" : "ip6tables-restore"
            try await Tool(named: program).run([], text: text, in: namespace)
        }
        if let tables { try await Tool(named: "nft").run(["-f", "-"], text: tables, in: namespace) }
    }

    /// The logins that get in on this host now and would not where nothing but this is loaded. Throws where no copy can be
    /// made.
    func shutOut(on host: NetworkNamespace?, for facts: HostFacts) async throws -> [Conversation] {
        let before = try await HostCopy.make(of: host, for: facts).admitted()
        guard !before.isEmpty else { return [] }
        let copy = try await HostCopy.bare(for: facts)
        try await load(into: copy.namespace)
        let after = try await copy.admitted()
        return before.filter { !after.contains($0) }
    }
}
