extension BPFProgram {
    /// Refuses what the kernel refuses (net/core/filter.c, bpf_check_classic).
    func check() throws(Refusal) {
        for (place, instruction) in instructions.enumerated() {
            guard Self.isKnown(instruction.code) else { throw refusal(place, "there is no such code") }
            try check(instruction, at: place)
        }
        guard let last = instructions.last, last.code & Mask.kind == Kind.return else {
            throw refusal(instructions.count - 1, "the last instruction returns nothing")
        }
        try checkMemory()
    }

    /// What a code does, in its three lowest bits (linux/bpf_common.h).
    private enum Kind {
        static let load: UInt16 = 0
        static let loadIndex: UInt16 = 1
        static let store: UInt16 = 2
        static let storeIndex: UInt16 = 3
        static let arithmetic: UInt16 = 4
        static let jump: UInt16 = 5
        static let `return`: UInt16 = 6
        static let transfer: UInt16 = 7
    }

    private enum Mask {
        static let kind: UInt16 = 0x07
        /// The operand is the index register, not a number.
        static let index: UInt16 = 0x08
        static let operation: UInt16 = 0xF0
    }

    private static let loadMemory: UInt16 = 0x60
    private static let loadIndexMemory: UInt16 = 0x61
    private static let cells: UInt32 = 16
    /// SKF_AD_OFF: from here on an offset stands for something beside the packet, of which the kernel knows sixteen.
    private static let beside: UInt32 = 0xFFFF_F000
    private static let lastBeside: UInt32 = 60

    private static func isKnown(_ code: UInt16) -> Bool {
        switch code & Mask.kind {
        case Kind.load: [0x00, 0x20, 0x28, 0x30, 0x40, 0x48, 0x50, 0x60, 0x80].contains(code)
        case Kind.loadIndex: [0x01, 0x61, 0x81, 0xB1].contains(code)
        case Kind.store, Kind.storeIndex: code <= 3
        case Kind.arithmetic:
            code & ~(Mask.operation | Mask.index) == Kind.arithmetic
                && (code <= 0x7C || [0x84, 0x94, 0x9C, 0xA4, 0xAC].contains(code))
        case Kind.jump: code == 0x05 || [0x15, 0x1D, 0x25, 0x2D, 0x35, 0x3D, 0x45, 0x4D].contains(code)
        case Kind.return: [0x06, 0x16].contains(code)
        default: [0x07, 0x87].contains(code)
        }
    }

    private func check(_ instruction: Instruction, at place: Int) throws(Refusal) {
        let left = instructions.count - place - 1
        switch instruction.code {
        case 0x34, 0x94:
            guard instruction.operand != 0 else { throw refusal(place, "it divides by nothing") }
        case 0x64, 0x74:
            guard instruction.operand < 32 else { throw refusal(place, "it shifts by more than 31 bits") }
        case 0x02, 0x03, Self.loadMemory, Self.loadIndexMemory:
            guard instruction.operand < Self.cells else {
                throw refusal(place, "the memory has \(Self.cells) cells")
            }
        case 0x05:
            guard instruction.operand < left else { throw refusal(place, "it jumps behind the end") }
        case 0x20, 0x28, 0x30:
            let offset = instruction.operand &- Self.beside
            guard instruction.operand < Self.beside || (offset <= Self.lastBeside && offset % 4 == 0) else {
                throw refusal(place, "nothing beside the packet has this offset")
            }
        default:
            guard instruction.code & Mask.kind == Kind.jump else { return }
            guard Int(instruction.ifTrue) < left, Int(instruction.ifFalse) < left else {
                throw refusal(place, "it jumps behind the end")
            }
        }
    }

    /// A cell must be written on every way before it is read (check_load_and_stores).
    private func checkMemory() throws(Refusal) {
        var masks = [UInt16](repeating: .max, count: instructions.count)
        var written: UInt16 = 0
        for (place, instruction) in instructions.enumerated() {
            written &= masks[place]
            switch instruction.code {
            case 0x02, 0x03: written |= 1 << UInt16(instruction.operand)
            case Self.loadMemory, Self.loadIndexMemory:
                guard written >> UInt16(instruction.operand) & 1 == 1 else {
                    throw refusal(place, "it reads a cell that nothing was written to")
                }
            case 0x05:
                masks[place + 1 + Int(instruction.operand)] &= written
                written = .max
            case let code where code & Mask.kind == Kind.jump:
                masks[place + 1 + Int(instruction.ifTrue)] &= written
                masks[place + 1 + Int(instruction.ifFalse)] &= written
                written = .max
            default: break
            }
        }
    }

    private func refusal(_ place: Int, _ message: String) -> Refusal {
        Refusal("value.bpf.kernel", "the kernel refuses the instruction \(place + 1): \(message)")
    }
}
