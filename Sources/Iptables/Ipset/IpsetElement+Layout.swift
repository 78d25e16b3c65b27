import Diagnostics
import PacketModel

/// The elements that the kernel makes of the words of one, in its order.
struct IpsetLayout {
    /// Of each part what it may be.
    private var choices: [[IpsetElement.Part]] = []
    let mac: UInt64?

    /// More elements are not laid out: nobody then knows what the set holds.
    static let most = 1 << 20

    init(_ words: IpsetElementWords, of set: Ipset.Head) throws(Refusal) {
        mac = words.mac
        var count = 1
        for (place, part) in words.parts.enumerated() {
            let choice = try Self.choice(part, set, place)
            count *= choice.count
            guard count <= Self.most else { throw Self.tooMany }
            choices.append(choice)
        }
    }

    private static var tooMany: Refusal {
        Refusal("ipset.open", "an element stands for more than \(most) elements, which are not looked at")
    }

    var first: IpsetElement? {
        let parts = choices.compactMap(\.first)
        return parts.count == choices.count ? IpsetElement(parts: parts) : nil
    }

    /// Every combination, the last part first to change.
    func forEach(_ body: (IpsetElement) throws(Refusal) -> Void) throws(Refusal) {
        var places = [Int](repeating: 0, count: choices.count)
        while true {
            try body(IpsetElement(parts: zip(choices, places).map { $0[$1] }))
            var part = choices.count - 1
            while part >= 0 {
                places[part] += 1
                if places[part] < choices[part].count { break }
                places[part] = 0
                part -= 1
            }
            if part < 0 { return }
        }
    }

    private static func choice(_ part: IpsetElementWords.Part, _ set: Ipset.Head, _ place: Int)
        throws(Refusal)
        -> [IpsetElement.Part]
    {
        switch part {
        case .addresses(let span):
            if case .net = set.kind.dimensions[place] { return try nets(span, set) }
            return set.kind.storage == .bitmap ? try bits(span, set) : try addresses(span, set)
        case .port(let port): return port.ports.map { .port(port.transport, $0) }
        case .plainPorts(let ports):
            guard let all = set.options.range, all.contains(UInt64(ports.lowerBound)),
                all.contains(UInt64(ports.upperBound))
            else { throw outside }
            return ports.map { .plainPort($0) }
        case .mac(let mac):
            if mac == 0, set.kind.storage == .hash { throw null }
            return [.mac(mac)]
        case .interface(let name, let isPhysical): return [.interface(name, isPhysical: isPhysical)]
        case .mark(let mark): return [.mark(mark & UInt32(truncatingIfNeeded: set.options.markMask ?? .max))]
        case .set(let name): return [.set(name)]
        }
    }

    private static var outside: Refusal {
        Refusal("ipset.outside", "the element is outside of the range of the set")
    }

    private static var null: Refusal {
        Refusal("ipset.null", "an element of nothing but zeros cannot be stored")
    }

    private static var allLengths: Refusal {
        Refusal(
            "ipset.prefix.zero",
            "a prefix of length 0 cannot be stored, only the two halves of it"
        )
    }

    /// Of a bitmap: by steps of what the mask makes one element.
    private static func bits(_ span: IpsetSpan, _ set: Ipset.Head) throws(Refusal) -> [IpsetElement.Part] {
        let hostBits = UInt128(set.options.maskLength.map { 32 - $0 } ?? 0)
        guard let range = set.options.range, range.contains(UInt64(truncatingIfNeeded: span.first)) else {
            throw outside
        }
        var (first, last) = (min(span.first, span.last), max(span.first, span.last))
        if !span.isRange { (first, last) = prefix(span.first, span.length, 32) }
        guard first >= UInt128(range.lowerBound), last <= UInt128(range.upperBound) else { throw outside }
        let count = ((last - first) >> hostBits) + 1
        return (0..<count).map { .prefix(((first + ($0 << hostBits)) >> hostBits) << hostBits, length: 32) }
    }

    /// The first and the last address of a prefix.
    private static func prefix(_ address: UInt128, _ length: Int, _ width: Int) -> (UInt128, UInt128) {
        let mask = IpsetAddress.mask(length, width)
        return (address & mask, address & mask | (IpsetAddress.mask(width, width) & ~mask))
    }

    /// Of a hash: the mask is laid on the first address that is written, and nowhere else.
    private static func addresses(_ span: IpsetSpan, _ set: Ipset.Head) throws(Refusal) -> [IpsetElement.Part]
    {
        let width = set.options.family?.addressWidth ?? 32
        var (first, last) = (span.first & (set.options.mask ?? .max), span.last)
        if first == 0, ["hash:ip", "hash:ip,port", "hash:ip,mac"].contains(set.kind.name) { throw null }
        guard span.length > 0 else { throw allLengths }
        if span.isRange {
            (first, last) = (min(first, last), max(first, last))
        } else if span.length < width {
            (first, last) = prefix(first, span.length, width)
        } else {
            last = first
        }
        // A set of addresses alone takes steps of what the mask makes one element.
        let hasSteps = set.kind.dimensions.count == 1
        let step: UInt128 = 1 << UInt128(hasSteps ? set.options.maskLength.map { width - $0 } ?? 0 : 0)
        let count = (last - first) / step + 1
        guard count <= most else { throw tooMany }
        return (0..<count).map { .prefix(first + $0 * step, length: width) }
    }

    private static func nets(_ span: IpsetSpan, _ set: Ipset.Head) throws(Refusal) -> [IpsetElement.Part] {
        let family = set.options.family ?? .ipv4
        guard span.isRange else {
            guard span.length > 0 || set.kind.hasInterfaces else { throw allLengths }
            let (first, _) = prefix(span.first & (set.options.mask ?? .max), span.length, family.addressWidth)
            return [.prefix(first, length: span.length)]
        }
        let (first, last) = (min(span.first, span.last), max(span.first, span.last))
        guard first > 0 || last < UInt128(UInt32.max), let interval = Interval(first, last) else {
            throw Refusal("ipset.range.all", "the range is the whole of all addresses")
        }
        return interval.prefixes(in: family).map {
            .prefix($0.first & (set.options.mask ?? .max), length: $0.length)
        }
    }
}
