/// A program of the classic packet filter as `bpf` takes it: `LENGTH,CODE JT JF K,…` (iptables-extensions(8)).
struct BPFProgram: Hashable, Sendable {
    struct Instruction: Hashable, Sendable {
        var code: UInt16
        /// The instructions that are skipped when the test holds, and when not.
        var ifTrue: UInt8
        var ifFalse: UInt8
        var operand: UInt32
    }

    let instructions: [Instruction]

    /// XT_BPF_MAX_NUM_INSTR (linux/netfilter/xt_bpf.h).
    private static let longest = 64

    /// Reads the numbers as sscanf(3) does, and judges the program as the kernel does.
    init(_ bytes: [UInt8]) throws(Refusal) {
        let parts = bytes.split(separator: Ascii.comma, omittingEmptySubsequences: false)
        guard parts.count > 1, let (written, rest) = Self.number(parts[0]), rest.isEmpty else {
            throw Refusal("value.bpf", "the program begins with its length and a comma")
        }
        let length = UInt16(truncatingIfNeeded: written)
        guard 1...Self.longest ~= Int(length) else {
            throw Refusal("value.bpf", "a program has 1 to \(Self.longest) instructions")
        }
        // A comma at the very end closes the last instruction.
        let codes = parts.dropFirst().dropLast(parts.last?.isEmpty ?? false ? 1 : 0)
        guard codes.count == length else {
            throw Refusal("value.bpf", "the program has \(codes.count) instructions and says \(length)")
        }
        var instructions: [Instruction] = []
        for code in codes {
            guard let (code, ifTrue, ifFalse, operand) = Self.fields(code) else {
                let text = String(decoding: code, as: UTF8.self)
                throw Refusal(
                    "value.bpf",
                    "an instruction has four numbers: \(text.isEmpty ? "nothing" : text)"
                )
            }
            instructions.append(
                Instruction(
                    code: UInt16(truncatingIfNeeded: code),
                    ifTrue: UInt8(truncatingIfNeeded: ifTrue),
                    ifFalse: UInt8(truncatingIfNeeded: ifFalse),
                    operand: UInt32(truncatingIfNeeded: operand)
                )
            )
        }
        self.instructions = instructions
        try check()
    }

    /// What stands after the fourth number is not looked at.
    private static func fields(_ bytes: ArraySlice<UInt8>) -> (UInt64, UInt64, UInt64, UInt64)? {
        guard let (code, one) = number(bytes), let (ifTrue, two) = number(one),
            let (ifFalse, three) = number(two), let (operand, _) = number(three)
        else { return nil }
        return (code, ifTrue, ifFalse, operand)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> (UInt64, ArraySlice<UInt8>)? {
        let (value, rest) = NumberText.loosePrefix(bytes, base: 10)
        return rest.count == bytes.count ? nil : (value, rest)
    }
}

extension BPFProgram: CustomStringConvertible {
    /// As iptables-save prints it.
    var description: String {
        let codes = instructions.map { "\($0.code) \($0.ifTrue) \($0.ifFalse) \($0.operand)" }
        return "\(instructions.count)," + codes.joined(separator: ",")
    }
}
