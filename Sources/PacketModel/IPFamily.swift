/// A version of the internet protocol.
package enum IPFamily: String, CaseIterable, Comparable, Sendable, Codable {
    case ipv4
    case ipv6

    /// The width of an address of this family, in bits.
    package var addressWidth: Int {
        switch self {
        case .ipv4: 32
        case .ipv6: 128
        }
    }

    /// The version field of the header: 4 or 6.
    package var version: UInt8 {
        switch self {
        case .ipv4: 4
        case .ipv6: 6
        }
    }

    /// The address whose every bit is one.
    package var lastAddress: UInt128 {
        switch self {
        case .ipv4: UInt128(UInt32.max)
        case .ipv6: .max
        }
    }

    package static func < (left: IPFamily, right: IPFamily) -> Bool {
        left == .ipv4 && right == .ipv6
    }
}
