import Glibc
import PacketModel

/// Values in the words of nft.
struct ValueText: Sendable {
    /// The interfaces of the namespace by their numbers.
    var interfaces: [UInt32: String] = [:]
    /// Whether numbers stand for names: what some releases do not know by name they know by number.
    var isNumeric = false

    /// For values that are written to a packet: the names of protocols would begin what follows.
    func numeric(for type: DataType) -> ValueText {
        guard type == .transport || type == .etherType else { return self }
        return ValueText(interfaces: interfaces, isNumeric: true)
    }

    /// A value that stands in a register, or in an element.
    ///
    /// - Parameters:
    ///   - bytes: as the kernel holds them
    ///   - isSwapped: the kernel was told to turn them to network order
    ///   - shift: how many bits to the left of its place it stands
    func text(_ bytes: [UInt8], _ type: DataType, isSwapped: Bool = false, shift: Int = 0) -> String {
        switch type.form {
        case .string: return quoted(bytes)
        case .interfaceName: return quoted(bytes)
        case .hardwareAddress: return Self.hardwareAddress(bytes)
        case .address: return Self.address(bytes)
        default: break
        }
        let value = Self.number(bytes, type, isSwapped: isSwapped) >> UInt128(shift)
        return text(value, type, digits: bytes.count * 2)
    }

    func text(_ bytes: [UInt8], _ part: DescribedOperand.Part) -> String {
        guard let width = part.width, width < bytes.count * 8 else {
            return text(bytes, part.type, isSwapped: part.isSwapped, shift: part.shift)
        }
        let value = Self.number(bytes, part.type, isSwapped: part.isSwapped) >> UInt128(part.shift)
        return text(value & (1 << UInt128(width) - 1), part.type, digits: bytes.count * 2)
    }

    /// The number that bytes of a type stand for.
    static func number(_ bytes: [UInt8], _ type: DataType, isSwapped: Bool = false) -> UInt128 {
        let isHost = type.order == .host && !isSwapped
        return (isHost ? bytes.reversed() : bytes).reduce(0) { $0 << 8 | UInt128($1) }
    }

    func text(_ value: UInt128, _ type: DataType, digits: Int) -> String {
        let small = UInt64(truncatingIfNeeded: value)
        switch type.form {
        case .decimal: return value.description
        case .realm: return value.description
        case .hexadecimal: return Self.hexadecimal(value, digits: type == .raw ? 0 : digits)
        case .names:
            if !isNumeric, let name = type.name(of: small) { return name }
            return type == .etherType || type == .dscp
                ? Self.hexadecimal(value, digits: 0) : value.description
        case .bits: return bits(small, type)
        case .interfaceIndex:
            return interfaces[UInt32(truncatingIfNeeded: small)].map { "\"\($0)\"" } ?? value.description
        case .classID: return Self.classID(UInt32(truncatingIfNeeded: small))
        case .duration: return small == 0 ? "0s" : Self.duration(milliseconds: small)
        case .date: return (small / 1_000_000_000).description
        case .timeOfDay: return Self.timeOfDay(small)
        case .label:
            let set = (0..<128).filter { value >> UInt128($0) & 1 != 0 }
            return set.map(String.init).joined(separator: ",")
        case .boolean: return small == 0 ? "missing" : "exists"
        case .string, .interfaceName, .hardwareAddress, .address: return value.description
        }
    }

    private func bits(_ value: UInt64, _ type: DataType) -> String {
        let known = type.names.filter { value & $0.value != 0 }
        let rest = known.reduce(value) { $0 & ~$1.value }
        guard value != 0, rest == 0, !isNumeric else { return "0x" + String(value, radix: 16) }
        return known.map(\.name).joined(separator: ",")
    }

    static func hexadecimal(_ value: UInt128, digits: Int) -> String {
        let text = String(value, radix: 16)
        return "0x" + String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    static func address(_ bytes: [UInt8]) -> String {
        let value = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        return IPAddress(family: bytes.count == 4 ? .ipv4 : .ipv6, value: value).description
    }

    static func hardwareAddress(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }

    /// A text up to its zero; a star at its end would mean more than itself.
    func quoted(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        return text.hasSuffix("*") ? "\"\(text.dropLast())\\*\"" : "\"\(text)\""
    }

    private static func classID(_ value: UInt32) -> String {
        switch value {
        case 0: "none"
        case .max: "root"
        default: String(value >> 16, radix: 16) + ":" + String(value & 0xFFFF, radix: 16)
        }
    }

    /// `1d2h3m4s5ms` without the parts that are zero.
    static func duration(milliseconds: UInt64) -> String {
        let units: [(UInt64, String)] = [
            (86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s"), (1, "ms"),
        ]
        var (rest, text) = (milliseconds, "")
        for (length, name) in units where rest >= length {
            text += "\(rest / length)\(name)"
            rest %= length
        }
        return text.isEmpty ? "0s" : text
    }

    /// The clock of the host's place shows this when that of the kernel is so many seconds after midnight.
    private static func timeOfDay(_ seconds: UInt64) -> String {
        var now = time(nil)
        var local = unsafe tm()
        unsafe localtime_r(&now, &local)
        let day = 86_400
        let shown = unsafe ((Int(seconds % 86_400) + local.tm_gmtoff) % day + day) % day
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let text = two(shown / 3600) + ":" + two(shown / 60 % 60)
        return "\"" + (shown % 60 == 0 ? text : text + ":" + two(shown % 60)) + "\""
    }
}
