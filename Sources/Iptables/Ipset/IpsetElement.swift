import PacketModel

/// An element of a set as the kernel stores it.
struct IpsetElement: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        /// The first address, and how many bits of it count.
        case prefix(UInt128, length: Int)
        /// A port with its protocol, or the type and code of ICMP.
        case port(UInt8, UInt16)
        /// Of sets of ports alone.
        case plainPort(UInt16)
        /// 48 bits.
        case mac(UInt64)
        case interface(String, isPhysical: Bool)
        case mark(UInt32)
        case set(String)
    }

    var parts: [Part]
}

/// What lasts beside an element.
struct IpsetAttributes: Hashable, Sendable {
    /// In seconds, as it was given; nil where the set keeps no time.
    var timeout: UInt32?
    var packets: UInt64?
    var bytes: UInt64?
    var comment: String?
    var mark: (value: UInt32, mask: UInt32)? {
        get { markWords.map { ($0[0], $0[1]) } }
        set { markWords = newValue.map { [$0.value, $0.mask] } }
    }
    /// Major and minor.
    var priority: UInt32 = 0
    var queue: UInt16 = 0
    var isException = false
    var isWildcard = false
    /// Of an address with a hardware address, once it is known.
    var mac: UInt64?
    private var markWords: [UInt32]?

    init() {}
}
