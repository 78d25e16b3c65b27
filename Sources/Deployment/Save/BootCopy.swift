import Kernel
import PacketModel

/// A kernel as it is when the boot loads saved rules: no interface but loopback, no set, no rule. What does not load there
/// is left out of the files, for one line that does not load keeps all the others from loading.
struct BootCopy {
    private let namespace: NetworkNamespace
    /// What was left out, in sentences.
    private(set) var lost: [String] = []

    /// So many lines are taken out of a file; what then still does not load is something else.
    private static let attempts = 40

    init() async throws {
        namespace = try await .make()
    }

    /// Sets of ipset, for `ipset restore`.
    mutating func loadable(sets text: String) async throws -> String {
        var lines = text.split(separator: "\n").map(String.init)
        for _ in 1...Self.attempts {
            guard let message = try await refusal("ipset", ["restore"], lines) else {
                return Self.text(lines)
            }
            try await Tool(named: "ipset").run(["destroy"], in: namespace)
            guard let fault = LoadFault.ofRestore(message), lines.indices.contains(fault.line - 1) else {
                throw Self.refused("the sets of ipset", message)
            }
            let words = lines[fault.line - 1].split(separator: " ")
            lost.append("ipset: \(lines[fault.line - 1]) (\(fault.reason))")
            if words.first == "create" {
                // Its elements go with it.
                lines.removeAll { $0.split(separator: " ").dropFirst().first == words.dropFirst().first }
            } else {
                lines.remove(at: fault.line - 1)
            }
        }
        throw Self.refused("the sets of ipset", "too many lines of them")
    }

    /// Whole tables of iptables; the sets must have been loaded before.
    mutating func loadable(iptables text: String, _ family: IPFamily) async throws -> String {
        let program = family == .ipv4 ? "iptables-restore" : "ip6tables-restore"
        var lines = text.split(separator: "\n").map(String.init)
        let title = "the rules of \(family == .ipv4 ? "IPv4" : "IPv6")"
        for _ in 1...Self.attempts {
            guard let message = try await refusal(program, [], lines) else { return Self.text(lines) }
            guard let fault = LoadFault.ofRestore(message), lines.indices.contains(fault.line - 1),
                lines[fault.line - 1].hasPrefix("-A ")
            else { throw Self.refused(title, message) }
            lost.append("\(title): \(lines.remove(at: fault.line - 1)) (\(fault.reason))")
        }
        throw Self.refused(title, "too many lines of them")
    }

    /// A table of nftables; nil when nothing of it can be loaded.
    mutating func loadable(_ table: NftablesSave.Table) async throws -> NftablesSave.Table? {
        var bootable = BootableTable(table)
        var reason = "too much of it"
        for _ in 1...Self.attempts {
            let message = try await refusal("nft", ["-f", "-"], [bootable.text])
            guard let message else {
                lost += bootable.lost.map { "table \(table.name): \($0)" }
                return NftablesSave.Table(name: table.name, text: bootable.text, isOfIptables: false)
            }
            let faults = LoadFault.ofNft(message)
            reason = faults.first?.reason ?? message
            guard bootable.mend(faults) else { break }
        }
        lost.append("table \(table.name), wholly (\(reason))")
        return nil
    }

    /// What a file of nft says as a whole when it is loaded; nil when it loads.
    func refusal(ofNft text: String) async throws -> String? {
        try await refusal("nft", ["-f", "-"], [text])
    }

    /// Why a tool does not load these lines; nil when it does.
    private func refusal(_ program: String, _ arguments: [String], _ lines: [String]) async throws -> String?
    {
        do {
            try await Tool(named: program).run(arguments, text: Self.text(lines), in: namespace)
            return nil
        } catch {
            guard case .failed(_, _, let message) = error else { throw error }
            return message
        }
    }

    private static func text(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }

    private static func refused(_ what: String, _ message: String) -> ChangeError {
        .refused("\(what) could not be loaded at boot, and nothing was written: \(message)")
    }
}
