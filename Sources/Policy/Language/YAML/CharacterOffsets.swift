import Diagnostics

/// Byte offsets of the characters (Unicode scalars) of a UTF-8 text; libyaml counts characters.
struct CharacterOffsets {
    private let bytes: [UInt8]
    /// The byte offset of each `stride`-th character; empty when every character is one byte.
    private let checkpoints: [Int]
    private static let stride = 64

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        guard bytes.contains(where: { $0 >= 0x80 }) else {
            checkpoints = []
            return
        }
        var (checkpoints, count): ([Int], Int) = ([], 0)
        for (offset, byte) in bytes.enumerated() where Self.startsCharacter(byte) {
            if count % Self.stride == 0 { checkpoints.append(offset) }
            count += 1
        }
        self.checkpoints = checkpoints
    }

    /// The byte at which a character begins; the end of the text for those beyond it.
    func byteOffset(ofCharacter index: Int) -> Int {
        if checkpoints.isEmpty { return min(index, bytes.count) }
        guard index / Self.stride < checkpoints.count else { return bytes.count }
        var offset = checkpoints[index / Self.stride]
        for _ in 0..<(index % Self.stride) {
            offset += 1
            while offset < bytes.count, !Self.startsCharacter(bytes[offset]) { offset += 1 }
        }
        return min(offset, bytes.count)
    }

    private static func startsCharacter(_ byte: UInt8) -> Bool { byte & 0xC0 != 0x80 }
}
