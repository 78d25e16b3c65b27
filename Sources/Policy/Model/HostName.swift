/// A DNS name that a set is made of. Its addresses change without the policy.
package struct HostName: Hashable, Sendable {
    /// In lower case, without a dot at the end.
    package let name: String
    /// Private addresses are taken for an answer; else whoever answers could point inside.
    package let allowsPrivate: Bool

    package init(name: String, allowsPrivate: Bool) {
        self.name = name
        self.allowsPrivate = allowsPrivate
    }

    /// Reads a name of at least two labels (RFC 1123 section 2.1, RFC 1035 section 2.3.4); nil for anything else.
    static func name(in text: some StringProtocol) -> String? {
        var text = text.lowercased()
        if text.hasSuffix(".") { text.removeLast() }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, labels.count > 1, labels.allSatisfy(isLabel),
            // What ends with a number is an address to whoever looks it up (RFC 3696 section 2).
            labels.last?.utf8.contains(where: { !isDigit($0) }) == true
        else { return nil }
        return text
    }

    private static func isLabel(_ label: Substring) -> Bool {
        guard (1...63).contains(label.utf8.count), label.utf8.first != dash, label.utf8.last != dash else {
            return false
        }
        return label.utf8.allSatisfy { byte in
            isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == dash
                || byte == UInt8(ascii: "_")
        }
    }

    private static let dash = UInt8(ascii: "-")

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
