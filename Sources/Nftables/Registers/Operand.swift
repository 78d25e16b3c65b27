/// A value that a rule works with, told by where it comes from.
indirect enum Operand: Hashable, Sendable {
    case source(Source)
    case constant([UInt8])
    /// `(value & mask) ^ flips`.
    case masked(Operand, mask: [UInt8], flips: [UInt8])
    case shifted(Operand, left: Bool, UInt32)
    /// In the other order of bytes.
    case swapped(Operand)
    /// The value that a map has for a key.
    case mapped(Operand, map: String)
    /// `jhash … mod …`.
    case hashed(Operand, HashParameters)
    /// Values that stand beside each other.
    case joined([Operand])
}

/// Where a rule loads a value from.
enum Source: Hashable, Sendable {
    /// In bytes from a base of the packet.
    case payload(base: UInt32, offset: Int, length: Int)
    case meta(UInt32)
    case track(UInt32, direction: UInt8?)
    case header(ExtensionHeader)
    case route(UInt32)
    case fib(result: UInt32, flags: UInt32)
    case socket(UInt32, level: UInt32?)
    case fingerprint(ttl: UInt8, flags: UInt32)
    case transform(key: UInt32, direction: UInt8, number: UInt32)
    case numbers(NumberParameters)
    case symmetricHash(HashParameters)
}

struct HashParameters: Hashable, Sendable {
    var modulus: UInt32
    var seed: UInt32?
    var offset: UInt32
}

struct NumberParameters: Hashable, Sendable {
    var isRandom: Bool
    var modulus: UInt32
    var offset: UInt32
}

/// A place in an extension header, or the question whether there is one.
struct ExtensionHeader: Hashable, Sendable {
    /// `enum nft_exthdr_op`: IPv6, TCP, IPv4, SCTP.
    var kind: UInt32
    var type: UInt8
    var offset: Int
    var length: Int
    var isPresence: Bool
}
