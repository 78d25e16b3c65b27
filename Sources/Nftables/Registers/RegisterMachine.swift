/// Follows the expressions of a rule: what stands in each register, and what the rule makes of it.
struct RegisterMachine: Sendable {
    /// A value, from the register where it begins.
    private struct Slot {
        var value: Operand
        /// In words of four bytes.
        var length: Int
        /// Tells two loads of one value apart.
        var load: Int
    }

    private(set) var clauses: [Clause] = []
    private var slots: [Int: Slot] = [:]
    private var loads = 0
    /// The load that the last clause compared; a second comparison of the same one makes a range.
    private var compared: Int?
    /// The length of what a map has, in bytes.
    let dataLengths: [String: Int]
    /// The length of the keys of a set.
    let keyLengths: [String: Int]

    init(dataLengths: [String: Int], keyLengths: [String: Int]) {
        self.dataLengths = dataLengths
        self.keyLengths = keyLengths
    }

    /// The word where a register begins: 1 to 4 are of 16 bytes, those from 8 on of 4 (`enum nft_registers`).
    private static func word(_ register: UInt32) -> Int? {
        switch register {
        case 1...4: Int(register - 1) * 4
        case 8...23: Int(register - 8)
        default: nil
        }
    }

    mutating func store(_ value: Operand, in register: UInt32, bytes: Int) -> Bool {
        guard let word = Self.word(register) else { return false }
        let length = max(1, (bytes + 3) / 4)
        for (start, slot) in slots where start < word + length && word < start + slot.length {
            slots[start] = nil
        }
        loads += 1
        slots[word] = Slot(value: value, length: length, load: loads)
        return true
    }

    /// The value that begins in a register.
    func value(_ register: UInt32) -> Operand? { Self.word(register).flatMap { slots[$0]?.value } }

    /// The values that fill so many bytes from a register on.
    func value(_ register: UInt32, bytes: Int) -> Operand? {
        guard let first = Self.word(register) else { return nil }
        var (word, parts) = (first, [Operand]())
        while word < first + (bytes + 3) / 4 {
            guard let slot = slots[word] else { return nil }
            parts.append(slot.value)
            word += slot.length
        }
        return parts.count == 1 ? parts[0] : parts.isEmpty ? nil : .joined(parts)
    }

    /// Whether a register stands inside of a value that begins before it, as the port behind the address that a map
    /// gave.
    func isInside(_ register: UInt32, of other: UInt32) -> Bool {
        guard let word = Self.word(register), let start = Self.word(other), let slot = slots[start] else {
            return false
        }
        return word > start && word < start + slot.length
    }

    mutating func append(_ clause: Clause) {
        compared = nil
        clauses.append(clause)
    }

    mutating func compare(_ register: UInt32, _ comparison: Comparison, _ bytes: [UInt8]) -> Bool {
        guard let word = Self.word(register), let slot = slots[word] else { return false }
        if comparison == .atMost, compared == slot.load,
            case .compare(let value, .atLeast, let from) = clauses.last, from.count == bytes.count
        {
            clauses[clauses.count - 1] = .range(value, isNegated: false, from: from, to: bytes)
            compared = nil
            return true
        }
        clauses.append(.compare(slot.value, comparison, bytes))
        compared = slot.load
        return true
    }
}
