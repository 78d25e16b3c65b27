import Netlink

/// What nft keeps beside a table, chain, rule, set or element for itself: types, lengths and values of a byte each
/// (libnftnl, `udata.h`).
struct UserData: Hashable, Sendable {
    private var parts: [UInt8: [UInt8]] = [:]

    init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while let type = rest.first, rest.count >= 2 {
            let length = Int(rest[rest.startIndex + 1])
            parts[type] = Array(rest.dropFirst(2).prefix(length))
            rest = rest.dropFirst(2 + length)
        }
    }

    /// All but some parts.
    func bytes(without passing: Set<UInt8>) -> [UInt8] {
        parts.filter { !passing.contains($0.key) }.sorted { $0.key < $1.key }.flatMap { [$0.key] + $0.value }
    }

    /// A text that ends with a zero.
    func text(_ type: UInt8) -> String? {
        parts[type].map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// A number in the order of this machine.
    func number(_ type: UInt8) -> UInt32? {
        guard let bytes = parts[type], bytes.count == 4 else { return nil }
        return bytes[...].hostOrder(UInt32.self, at: 0)
    }

    func nested(_ type: UInt8) -> UserData? { parts[type].map { UserData($0) } }

    /// The comment of a table, chain, rule, object or element.
    var comment: String? { text(0) }
}
