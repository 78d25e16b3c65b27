import Compiler
import Diagnostics
import Kernel
import PacketModel

/// The memory that it takes to load a firewall: the most that the tool, the kernel and this process have at one time.
struct MemoryNeed: Hashable {
    /// In bytes.
    let bytes: Int

    /// Bytes for each, as they were measured (100,000 of each; nft 1.0.6, iptables 1.8.9, ipset 7.17; kernels 6.1 to 6.18)
    /// and rounded up: the tool takes 0.8 to 1.4 kB for an element or a rule of nf_tables, the kernel as much while the
    /// transaction lasts.
    private enum Cost {
        static let element = 2_200
        static let nftRule = 2_200
        static let legacyRule = 1_300
        static let setEntry = 500
    }

    init(_ firewall: Firewall) {
        var bytes = 0
        if let program = firewall.nftables {
            // Each element stands in a line of its own.
            bytes += Cost.element * Self.lines(of: program.text, beginningWith: "\t")
        }
        for (variant, program) in firewall.iptables {
            let rule = variant == .nft ? Cost.nftRule : Cost.legacyRule
            // The families are loaded one after another, and what the first has taken stays taken.
            let rules = IPFamily.allCases.map { Self.lines(of: program[$0].text, beginningWith: "-") }
            bytes += rule * rules.reduce(0, +)
            bytes += Cost.setEntry * Self.lines(of: program.ipset, beginningWith: "a")
        }
        self.bytes = bytes
    }

    private static func lines(of text: String, beginningWith first: Character) -> Int {
        let first = first.asciiValue
        var count = 0
        var isAtStart = true
        for byte in text.utf8 {
            if isAtStart && byte == first { count += 1 }
            isAtStart = byte == UInt8(ascii: "\n")
        }
        return count
    }

    /// What is said only of firewalls that take more.
    private static let notable = 32 << 20
    /// What is left to everybody else.
    private static let reserve = 32 << 20

    /// What is to be said on this machine.
    func diagnostic() -> Diagnostic? {
        do {
            return diagnostic(available: try AvailableMemory.read())
        } catch {
            return bytes < Self.notable ? nil : .unread("how much memory can be had", "\(error)")
        }
    }

    /// What is to be said where so much memory can be had.
    func diagnostic(available: Int?) -> Diagnostic? {
        guard bytes >= Self.notable, let available else { return nil }
        let need = Self.megabytes(bytes)
        let rest = Self.megabytes(available)
        if bytes > available - Self.reserve {
            return Diagnostic(
                code: "change.memory",
                "loading this firewall takes about \(need) MB of memory, and \(rest) MB can be had here",
                notes: [
                    "a kernel that runs out of memory ends programs, and a boot has no more than this"
                ],
                fix:
                    "make the lists shorter, merge their addresses into prefixes, or give the machine more memory"
            )
        }
        return Diagnostic(
            .note,
            code: "change.memory",
            "loading this firewall takes about \(need) MB of memory; \(rest) MB can be had here"
        )
    }

    private static func megabytes(_ bytes: Int) -> Int { max(0, bytes) / 1_000_000 }
}
