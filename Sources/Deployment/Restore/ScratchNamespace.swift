import Kernel

/// Namespaces that rules of this host can be tried in.
enum ScratchNamespace {
    /// One with interfaces of the names that this host's has, for tables of nftables may be bound to them (nft(8),
    /// "Flowtables", and the hook `ingress`).
    static func make(like host: NetworkNamespace? = nil) async throws -> NetworkNamespace {
        let scratch = try await NetworkNamespace.make()
        try await addInterfaces(of: host, to: scratch)
        return scratch
    }

    /// Interfaces that the other namespace lacks, of a kind that goes nowhere.
    static func addInterfaces(of host: NetworkNamespace?, to scratch: NetworkNamespace) async throws {
        let there = try await names(in: scratch)
        let missing = try await names(in: host).subtracting(there)
        guard !missing.isEmpty else { return }
        // Not every kernel has the first kind; without either it can still try all that names no interface.
        for kind in ["dummy", "bridge"] {
            let commands = missing.sorted().map { "link add \($0) type \(kind)\n" }.joined()
            do {
                try await Tool(named: "ip").run(["-force", "-batch", "-"], text: commands, in: scratch)
                return
            } catch {}
        }
    }

    private static func names(in namespace: NetworkNamespace?) async throws -> Set<String> {
        let text = try await NetworkNamespace.run(in: namespace) {
            try HostFiles().text(of: "/proc/thread-self/net/dev") ?? ""
        }
        let names = text.split(separator: "\n").dropFirst(2).compactMap { line in
            line.split(separator: ":").first.map { $0.filter { $0 != " " } }
        }
        return Set(names)
    }
}
