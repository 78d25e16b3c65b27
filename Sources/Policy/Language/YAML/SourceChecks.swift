package import Diagnostics

/// What is asked of the bytes of a policy before they are read as YAML.
package enum SourceChecks {
    /// In bytes.
    package static let largestPolicy = 16 << 20

    /// The first reason not to go on: too large, or not UTF-8.
    package static func problem(in source: SourceFile) -> Diagnostic? {
        if source.bytes.count > largestPolicy {
            return Diagnostic(
                code: "policy.file.size",
                "the policy is larger than \(largestPolicy >> 20) MiB",
                at: .init(source, .start),
                fix: "put long lists of addresses into files and name them under `sets:`"
            )
        }
        guard let offset = firstInvalidUTF8(in: source.bytes) else { return nil }
        return Diagnostic(
            code: "policy.file.encoding",
            "the text is not UTF-8",
            at: .init(source, SourceRange(offset, offset + 1), "this byte (\(hex(source.bytes[offset])))"),
            fix: "save the file as UTF-8"
        )
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0x0" : "0x") + String(byte, radix: 16, uppercase: true)
    }

    /// The offset of the first byte that breaks the form of RFC 3629 section 4.
    static func firstInvalidUTF8(in bytes: [UInt8]) -> Int? {
        // The standard library is quicker; it does not say where.
        if String(validating: bytes, as: UTF8.self) != nil { return nil }
        var offset = 0
        while offset < bytes.count {
            let lead = bytes[offset]
            if lead < 0x80 {
                offset += 1
                continue
            }
            guard let (length, second) = tail(of: lead), offset + length <= bytes.count,
                second.contains(bytes[offset + 1])
            else { return offset }
            for index in (offset + 2)..<max(offset + 2, offset + length) where bytes[index] & 0xC0 != 0x80 {
                return offset
            }
            offset += length
        }
        return nil
    }

    /// The length of the sequence that a byte leads, and what may come second.
    private static func tail(of lead: UInt8) -> (length: Int, second: ClosedRange<UInt8>)? {
        switch lead {
        case 0xC2...0xDF: (2, 0x80...0xBF)
        case 0xE0: (3, 0xA0...0xBF)
        case 0xE1...0xEC, 0xEE, 0xEF: (3, 0x80...0xBF)
        case 0xED: (3, 0x80...0x9F)
        case 0xF0: (4, 0x90...0xBF)
        case 0xF1...0xF3: (4, 0x80...0xBF)
        case 0xF4: (4, 0x80...0x8F)
        default: nil
        }
    }
}
