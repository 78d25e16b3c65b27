import Diagnostics
import PacketModel

/// What `create` says of a set besides its type.
struct IpsetOptions: Hashable, Sendable {
    /// Of its addresses; nil when it has none.
    var family: IPFamily?
    var hashSize: UInt64 = 1_024
    var most: UInt64 = 65_536
    var bucketSize: UInt64 = 12
    /// Addresses count by these bits.
    var mask: UInt128?
    /// The mask was given as the length of a prefix.
    var maskLength: Int?
    /// Of the elements that say none.
    var timeout: UInt32?
    var hasCounters = false
    var hasComments = false
    var hasMarks = false
    /// A full set throws another element out.
    var replaces = false
    /// Of bitmaps.
    var range: ClosedRange<UInt64>?
    var size: UInt64 = 8
    /// Of marks.
    var markMask: UInt64?

    static let longestTimeout: UInt64 = 2_147_483
    private static let numbers: ClosedRange<UInt64> = 0...UInt64(UInt32.max)

    init(_ words: ArraySlice<String>, _ kind: IpsetKind, _ names: NameDatabase) throws(Refusal) {
        family = kind.hasFamily ? .ipv4 : kind.storage == .bitmap && kind.hasAddresses ? .ipv4 : nil
        // The family says how others are read, wherever it stands.
        if kind.hasFamily { try readFamily(words) }
        var reader = IpsetWords(words)
        var ends: (first: UInt64?, last: UInt64?) = (nil, nil)
        var hasRange = false
        while let word = reader.next() {
            switch Self.name(word) {
            case "family" where kind.hasFamily: _ = try reader.value()
            case "-4" where kind.hasFamily, "-6" where kind.hasFamily: try reader.once("family")
            case "timeout": timeout = UInt32(try reader.number(0...Self.longestTimeout))
            case "counters": hasCounters = true
            case "comment": hasComments = true
            case "skbinfo": hasMarks = true
            case "forceadd" where kind.storage == .hash: replaces = true
            case "hashsize" where kind.storage == .hash: hashSize = try reader.number(Self.numbers)
            case "maxelem" where kind.storage == .hash: most = try reader.number(Self.numbers)
            case "bucketsize" where kind.storage == .hash: bucketSize = try reader.number(0...255)
            case "initval" where kind.storage == .hash: _ = try reader.number(Self.numbers)
            case let name where kind.idle.contains(name): _ = try reader.value()
            case "netmask" where kind.takesMask: try setLength(try reader.value(), word)
            case "bitmask" where kind.takesMask && kind.storage == .hash:
                try setMask(try reader.value(), names)
            case "markmask" where kind.name == "hash:ip,mark":
                markMask = try reader.number(1...UInt64(UInt32.max))
            case "range" where kind.storage == .bitmap,
                "network" where kind.storage == .bitmap && kind.hasAddresses:
                range = try Self.range(try reader.value(of: "range"), kind, names)
                hasRange = true
            case "from" where kind.storage == .bitmap:
                ends.first = try Self.end(try reader.value(), kind, names)
            case "to" where kind.storage == .bitmap: ends.last = try Self.end(try reader.value(), kind, names)
            case "size" where kind.storage == .list: size = max(4, try reader.number(Self.numbers))
            default: throw Refusal("ipset.option.unknown", "\(kind.name) has no option \(word)")
            }
        }
        if hasRange, ends.first != nil || ends.last != nil {
            throw Refusal("ipset.option.twice", "the range stands there twice")
        }
        if let first = ends.first, let last = ends.last { range = min(first, last)...max(first, last) }
        if kind.storage == .bitmap { try checkRange(kind) }
        if hashSize > UInt64(1) << 30 {
            throw Refusal("ipset.memory", "so large a hash has no place in memory")
        }
    }

    /// Without the dashes that old scripts have.
    private static func name(_ word: String) -> String {
        word.hasPrefix("--") ? String(word.dropFirst(2)) : word
    }

    private mutating func readFamily(_ words: ArraySlice<String>) throws(Refusal) {
        for (place, word) in zip(words.indices, words) {
            switch Self.name(word) {
            case "-4": family = .ipv4
            case "-6": family = .ipv6
            case "family":
                guard place + 1 < words.endIndex else { break }
                switch words[place + 1] {
                case "inet", "ipv4", "-4": family = .ipv4
                case "inet6", "ipv6", "-6": family = .ipv6
                case let other:
                    throw Refusal("ipset.family", "\(other) is no family: inet or inet6")
                }
            default: break
            }
        }
    }

    private var width: Int { family?.addressWidth ?? 32 }

    private mutating func setLength(_ text: String, _ word: String) throws(Refusal) {
        guard mask == nil else { throw Refusal("ipset.option.twice", "there is a mask already") }
        let length = Int(try IpsetNumber.read(text, in: 1...UInt64(width)))
        guard length < width else { return }
        maskLength = length
        mask = IpsetAddress.mask(length, width)
    }

    private mutating func setMask(_ text: String, _ names: NameDatabase) throws(Refusal) {
        guard mask == nil else { throw Refusal("ipset.option.twice", "there is a mask already") }
        let given = try IpsetAddress.single(text, family ?? .ipv4, names)
        guard given != 0 else { throw Refusal("ipset.mask", "no bit of the mask counts") }
        mask = given
    }

    private static func range(_ text: String, _ kind: IpsetKind, _ names: NameDatabase) throws(Refusal)
        -> ClosedRange<UInt64>
    {
        guard kind.hasAddresses else {
            let ports = try IpsetPort.plainRange(text, names)
            guard text.contains("-") else {
                throw Refusal("ipset.range", "the range needs two ends: \(text)")
            }
            return UInt64(ports.lowerBound)...UInt64(ports.upperBound)
        }
        guard text.contains("/") || text.contains("-") else {
            throw Refusal("ipset.range", "a prefix or a range is needed, not \(text)")
        }
        let range = try IpsetAddress.range(text, .ipv4, names)
        return UInt64(truncatingIfNeeded: range.lowerBound)...UInt64(truncatingIfNeeded: range.upperBound)
    }

    private static func end(_ text: String, _ kind: IpsetKind, _ names: NameDatabase) throws(Refusal)
        -> UInt64
    {
        guard kind.hasAddresses else { return UInt64(try IpsetPort.plain(text, names)) }
        return UInt64(truncatingIfNeeded: try IpsetAddress.single(text, .ipv4, names))
    }

    private mutating func checkRange(_ kind: IpsetKind) throws(Refusal) {
        guard let range else { throw Refusal("ipset.range", "\(kind.name) needs a range") }
        let hostBits = UInt64(maskLength.map { width - $0 } ?? 0)
        guard hostBits > 0 else {
            if range.upperBound - range.lowerBound > 0xFFFF { throw tooWide }
            return
        }
        // The ends become those of whole prefixes, of which one wider prefix has to begin with the first.
        let low = (range.lowerBound >> hostBits) << hostBits
        let high = (range.upperBound >> hostBits) << hostBits | ((1 << hostBits) - 1)
        var common = 0
        while common < 32, (high >> UInt64(common)) << UInt64(common) != low { common += 1 }
        guard UInt64(common) > hostBits, common < 32 || low == 0 else {
            throw Refusal("ipset.range.outside", "the range does not fit the mask")
        }
        if UInt64(common) - hostBits > 16 { throw tooWide }
        self.range = low...high
    }

    private var tooWide: Refusal {
        Refusal("ipset.range.wide", "the range has more than 65536 elements")
    }
}

/// The words of options in turn, each option once.
struct IpsetWords {
    private var rest: ArraySlice<String>
    private var current = ""
    private var seen: Set<String> = []

    init(_ words: ArraySlice<String>) { rest = words }

    mutating func next() -> String? {
        guard let word = rest.popFirst() else { return nil }
        current = word
        return word
    }

    mutating func once(_ name: String) throws(Refusal) {
        guard seen.insert(name).inserted else {
            throw Refusal("ipset.option.twice", "\(name) stands there twice")
        }
    }

    /// The word behind the option, which is told apart by this name.
    mutating func value(of name: String? = nil) throws(Refusal) -> String {
        try once(name ?? (current.hasPrefix("--") ? String(current.dropFirst(2)) : current))
        guard let word = rest.popFirst() else {
            throw Refusal("ipset.words", "\(current) needs a word after it")
        }
        return word
    }

    mutating func number(_ range: ClosedRange<UInt64>) throws(Refusal) -> UInt64 {
        try IpsetNumber.read(try value(), in: range)
    }
}
