import Diagnostics
import PacketModel

/// The words of an element, before the kernel lays ranges out.
struct IpsetElementWords {
    enum Part {
        case addresses(IpsetSpan)
        case port(IpsetPort)
        case plainPorts(ClosedRange<UInt16>)
        case mac(UInt64)
        case interface(String, isPhysical: Bool)
        case mark(UInt32)
        case set(String)
    }

    var parts: [Part] = []
    /// Of an address that has one beside it.
    var mac: UInt64?

    init(_ text: String, _ set: Ipset.Head, _ names: NameDatabase) throws(Refusal) {
        let kind = set.kind
        guard kind.storage != .list else {
            parts = [.set(text)]
            return
        }
        let words = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard words.count <= kind.dimensions.count else {
            throw Refusal("ipset.element", "an element of \(kind.name) has \(kind.dimensions.count) parts")
        }
        let needed = kind.name == "bitmap:ip,mac" ? 1 : kind.dimensions.count
        guard words.count >= needed, words.count == 1 || !words.contains("") else {
            throw Refusal("ipset.element", "a part of the element is missing: \(text)")
        }
        let family = set.options.family ?? .ipv4
        for (place, word) in words.enumerated() {
            let part = try Self.part(word, kind.dimensions[place], kind, family, names)
            if kind.name == "bitmap:ip,mac", case .mac(let mac) = part {
                self.mac = mac
            } else {
                parts.append(part)
            }
        }
    }

    /// It stands for several addresses or ports.
    var hasRange: Bool {
        parts.contains { part in
            switch part {
            case .addresses(let span): span.isRange
            case .plainPorts(let ports): ports.count > 1
            case .port(let port): port.ports.count > 1
            case .mac, .interface, .mark, .set: false
            }
        }
    }

    private static func part(
        _ word: String,
        _ dimension: IpsetKind.Dimension,
        _ kind: IpsetKind,
        _ family: IPFamily,
        _ names: NameDatabase
    ) throws(Refusal) -> Part {
        switch dimension {
        case .address(let takesRange):
            if takesRange, family == .ipv4 { return .addresses(try IpsetAddress.span(word, family, names)) }
            let (address, length) = try IpsetAddress.prefix(word, family, names)
            // In front IPv6 may say its whole length.
            let isWhole = length == family.addressWidth && family == .ipv6 && takesRange
            guard isWhole || !word.contains("/") else {
                throw Refusal("ipset.address.plain", "a single address is needed, not \(word)")
            }
            return .addresses(IpsetSpan(first: address, last: address, length: length, isRange: false))
        case .net: return .addresses(try IpsetAddress.span(word, family, names))
        case .port:
            if kind.storage == .bitmap { return .plainPorts(try IpsetPort.plainRange(word, names)) }
            return .port(try IpsetPort(word, family, names))
        case .mac: return .mac(try hardwareAddress(word))
        case .interface:
            let isPhysical = word.hasPrefix("physdev:")
            let name = isPhysical ? String(word.dropFirst(8)) : word
            guard name.utf8.count <= 15 else {
                throw Refusal("ipset.interface", "the name of an interface has at most 15 bytes")
            }
            return .interface(name, isPhysical: isPhysical)
        case .mark: return .mark(UInt32(try IpsetNumber.read(word, in: 0...UInt64(UInt32.max))))
        case .set: return .set(word)
        }
    }

    private static func hardwareAddress(_ text: String) throws(Refusal) -> UInt64 {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { $0.count <= 2 ? UInt8($0, radix: 16) : nil }
        guard parts.count == 6, bytes.count == 6 else {
            throw Refusal("ipset.mac", "\(text) is no hardware address")
        }
        return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
