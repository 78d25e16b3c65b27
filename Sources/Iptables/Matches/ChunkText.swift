import Diagnostics

/// Chunks of SCTP as `sctp` reads and prints them (measured on 1.8.9): a type, after a colon the flags that must be set
/// (capitals) and those that must not.
enum ChunkText {
    private struct Kind {
        let name: String
        /// Of the type (linux/sctp.h).
        let number: UInt64
        /// From the highest bit to the lowest; where there is none, the tool takes a dash for it.
        var flags = "--------"
    }

    private static let kinds = [
        Kind(name: "DATA", number: 0, flags: "----IUBE"), Kind(name: "INIT", number: 1),
        Kind(name: "INIT_ACK", number: 2), Kind(name: "SACK", number: 3), Kind(name: "HEARTBEAT", number: 4),
        Kind(name: "HEARTBEAT_ACK", number: 5), Kind(name: "ABORT", number: 6, flags: "-------T"),
        Kind(name: "SHUTDOWN", number: 7), Kind(name: "SHUTDOWN_ACK", number: 8),
        Kind(name: "ERROR", number: 9),
        Kind(name: "COOKIE_ECHO", number: 10), Kind(name: "COOKIE_ACK", number: 11),
        Kind(name: "ECN_ECNE", number: 12), Kind(name: "ECN_CWR", number: 13),
        Kind(name: "SHUTDOWN_COMPLETE", number: 14, flags: "-------T"),
        Kind(name: "I_DATA", number: 64, flags: "----IUBE"), Kind(name: "RE_CONFIG", number: 130),
        Kind(name: "PAD", number: 132), Kind(name: "ASCONF", number: 193),
        Kind(name: "ASCONF_ACK", number: 128),
        Kind(name: "FORWARD_TSN", number: 192), Kind(name: "I_FORWARD_TSN", number: 194),
    ]

    /// XT_NUM_SCTP_FLAGS (linux/netfilter/xt_sctp.h).
    private static let mostWithFlags = 4

    private struct Flags {
        var value: UInt64 = 0
        var mask: UInt64 = 0
    }

    /// The chunks by number, those with flags as a list of the number and the flags; every number for `ALL`.
    static func chunks(_ text: String) throws(Refusal) -> [OptionValue] {
        switch text.uppercased() {
        case "ALL": return (0...255).map { .number($0) }
        case "NONE": return []
        default: break
        }
        var numbers: Set<UInt64> = []
        var flags: [Int: Flags] = [:]
        for part in text.split(separator: ",") {
            let halves = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let place = kinds.firstIndex(where: { $0.name == halves[0].uppercased() }) else {
                throw Refusal(
                    "value.unknown",
                    "\(halves[0]) is not a type of chunk",
                    fix: NearestSpelling.fix(forPart: halves[0], among: kinds.map(\.name))
                )
            }
            numbers.insert(kinds[place].number)
            for flag in halves.dropFirst().joined() { try note(flag, of: place, in: &flags) }
        }
        guard flags.count <= mostWithFlags else {
            throw Refusal("value.chunk.flags", "at most \(mostWithFlags) types of chunk can have flags")
        }
        return numbers.sorted().map { number in
            // The tool keeps flags by the place in its own table, which is the number for the first fifteen: those of
            // the others are looked at by nobody.
            guard let flags = flags[Int(number)], kinds.indices.contains(Int(number)) else {
                return .number(number)
            }
            return .list([.number(number), .masked(flags.value, mask: flags.mask)])
        }
    }

    private static func note(
        _ flag: Character,
        of place: Int,
        in flags: inout [Int: Flags]
    ) throws(Refusal) {
        let known = Array(kinds[place].flags)
        guard let found = known.firstIndex(of: Character(flag.uppercased())) else {
            throw Refusal("value.chunk.flags", "\(kinds[place].name) has no flag \(flag)")
        }
        let bit: UInt64 = 1 << UInt64(7 - found)
        flags[place, default: Flags()].mask |= bit
        if flag.isUppercase { flags[place, default: Flags()].value |= bit }
    }

    static func text(_ chunks: some Collection<OptionValue>) -> String {
        if chunks.isEmpty { return "NONE" }
        if chunks.count == 256 { return "ALL" }
        return chunks.map(text).joined(separator: ",")
    }

    private static func text(_ chunk: OptionValue) -> String {
        let number = chunk.items.first?.number ?? chunk.number
        guard let kind = kinds.first(where: { $0.number == number }) else { return "" }
        guard case .masked(let value, let mask) = chunk.items.last else { return kind.name }
        let flags = kind.flags.enumerated().filter { mask >> UInt64(7 - $0.offset) & 1 == 1 }
        return kind.name + ":"
            + flags.map {
                value >> UInt64(7 - $0.offset) & 1 == 1 ? String($0.element) : $0.element.lowercased()
            }
            .joined()
    }
}
