/// Texts with numbers at the ends of what integers hold in the place of those that they have.
///
/// Arithmetic on them traps where nobody thought of it, and a program that ends at a number of somebody else's text leaves
/// a host without its guard.
package enum ExtremeNumbers {
    package static let all = [
        "-1", "0", "1", "127", "128", "255", "256", "-128", "-129", "32767", "32768", "65535", "65536",
        "-32769",
        "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296", "1099511627776",
        "9223372036854775807", "9223372036854775808", "-9223372036854775807", "-9223372036854775808",
        "-9223372036854775809", "18446744073709551615", "18446744073709551616", "0x7fffffffffffffff",
        "0xffffffffffffffff", "0x8000000000000000", "340282366920938463463374607431768211455",
        "340282366920938463463374607431768211456", "00000000000000000000000000000000000001", "1e999", "1.5",
        "",
    ]

    /// The text with each of its numbers, one at a time, in each of these forms; then with several of them at random.
    package static func texts(of text: String, random count: Int, seed: UInt64) -> [String] {
        let bytes = Array(text.utf8)
        var numbers: [Range<Int>] = []
        for (place, byte) in bytes.enumerated() where (0x30...0x39).contains(byte) {
            if let last = numbers.last, last.upperBound == place {
                numbers[numbers.count - 1] = last.lowerBound..<place + 1
            } else {
                numbers.append(place..<place + 1)
            }
        }
        func changed(_ changes: [Int: String]) -> String {
            var (result, start): ([UInt8], Int) = ([], 0)
            for (number, range) in numbers.enumerated() {
                guard let change = changes[number] else { continue }
                result += bytes[start..<range.lowerBound] + Array(change.utf8)
                start = range.upperBound
            }
            return String(decoding: result + bytes[start...], as: UTF8.self)
        }
        var random = SplitMix64(state: seed)
        return numbers.indices.flatMap { number in all.map { changed([number: $0]) } }
            + (0..<count).map { _ in
                var changes: [Int: String] = [:]
                for number in numbers.indices where Bool.random(using: &random) {
                    changes[number] = all.randomElement(using: &random)
                }
                return changed(changes)
            }
    }
}
