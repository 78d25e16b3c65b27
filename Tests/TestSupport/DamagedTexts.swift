import Glibc

/// Damaged forms of texts that were right: with numbers at the ends of what integers hold, with pieces put in, taken out,
/// changed and copied, cut off anywhere, and empty.
///
/// Besides those that are always tried there are so many by chance; where `WALLWRIGHT_FUZZ` names seconds, as many as a part
/// of them allows, for there are many readers.
package struct DamagedTexts: Sequence {
    private let samples: [String]
    private let pieces: [String]
    private let count: UInt64
    private var triesAll = true

    /// `pieces` are words of the language of the samples; what is between words is tried as well.
    package init(of samples: [String], pieces: [String] = [], _ count: UInt64 = 300) {
        self.samples = samples
        self.pieces = pieces + samples + Self.pieces
        self.count = count
    }

    /// So many of all samples together, by chance alone: for readers that take their time.
    package static func byChance(_ samples: [String], _ pieces: [String], _ count: UInt64) -> DamagedTexts {
        var texts = DamagedTexts(of: samples, pieces: pieces, count / UInt64(Swift.max(1, samples.count)) + 1)
        texts.triesAll = false
        return texts
    }

    private static let pieces =
        ["", " ", "\t", "\n", "\r", "\0", "\"", "\\", "'", "-", "+", ":", "/", ",", "=", "[", "]", "{", "}"]
        + ["(", ")", "\u{7F}", "\u{301}", "\u{202E}", "null", "true", "1e400", "[]", "{}"]
        + ExtremeNumbers.all

    package func makeIterator() -> AnyIterator<String> {
        var fixed = (triesAll ? samples : []).lazy.flatMap { sample in
            ExtremeNumbers.texts(of: sample, random: 20, seed: 1) + Self.cuts(sample)
        }.makeIterator()
        let end = Self.seconds.map { Self.now + $0 }
        var seed: UInt64 = 0
        return AnyIterator {
            if let text = fixed.next() { return text }
            guard end.map({ Self.now < $0 }) ?? (seed < count * UInt64(samples.count)) else { return nil }
            seed += 1
            return damaged(seed)
        }
    }

    private func damaged(_ seed: UInt64) -> String {
        var random = SplitMix64(state: seed)
        var bytes = Array((samples.randomElement(using: &random) ?? "").utf8)
        bytes.damage(Int.random(in: 1...6, using: &random), with: pieces, using: &random)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Beginnings and ends.
    private static func cuts(_ sample: String) -> [String] {
        let bytes = Array(sample.utf8)
        return stride(from: 0, to: bytes.count, by: Swift.max(1, bytes.count / 40)).flatMap { place in
            [bytes[..<place], bytes[place...]].map { String(decoding: $0, as: UTF8.self) }
        }
    }

    private static let seconds: Double? = unsafe getenv("WALLWRIGHT_FUZZ").flatMap {
        unsafe Double(String(cString: $0)).map { $0 / 5 }
    }

    private static var now: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
