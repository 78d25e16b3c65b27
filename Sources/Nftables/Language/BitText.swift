/// Bytes as bits, the highest first.
enum BitText {
    static func bits(_ bytes: [UInt8]) -> [Bool] {
        var result: [Bool] = []
        for byte in bytes {
            for place in 0..<8 { result.append((byte << UInt8(place)) & 0x80 != 0) }
        }
        return result
    }
}
