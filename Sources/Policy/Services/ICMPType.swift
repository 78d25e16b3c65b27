package import PacketModel

/// The types and codes of ICMP and ICMPv6, as service members: the type in the high byte, the code in the low one.
///
/// Numbers: the IANA registries "ICMP Parameters" and "ICMPv6 Parameters". Names: those that nft and iptables know.
package enum ICMPType {
    /// What `name` stands for; nil if it is no type or code of this protocol.
    ///
    /// `echo-request` and `8` are a type with all its codes, `destination-unreachable/fragmentation-needed`, `3/4` and
    /// `fragmentation-needed` one code of one type.
    package static func members(named name: String, of transportProtocol: IPProtocol) -> IntervalSet<UInt16>?
    {
        let types = types(of: transportProtocol)
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        switch parts.count {
        case 1:
            return typeNumber(parts[0], in: types).map(members(type:))
                ?? uniqueCode(named: parts[0], in: types)
        case 2:
            guard transportProtocol.hasTypes, let type = typeNumber(parts[0], in: types),
                let code = codeNumber(parts[1], of: type, in: types)
            else { return nil }
            return [member(type: type, code: code)]
        default:
            return nil
        }
    }

    /// Every name that `members(named:of:)` knows, types first; for suggestions.
    package static func names(of transportProtocol: IPProtocol) -> [String] {
        let types = types(of: transportProtocol)
        return types.flatMap(\.names) + types.flatMap { $0.codes.flatMap(\.names) }
    }

    /// What nft or iptables call a type.
    package static func name(of type: UInt8, _ transportProtocol: IPProtocol) -> String? {
        types(of: transportProtocol).first { $0.number == type }?.names.first
    }

    /// Every code of a type.
    package static func members(type: UInt8) -> IntervalSet<UInt16> {
        IntervalSet(member(type: type, code: .min)...member(type: type, code: .max))
    }

    package static func member(type: UInt8, code: UInt8) -> UInt16 {
        UInt16(type) << 8 | UInt16(code)
    }

    private static func types(of transportProtocol: IPProtocol) -> [Entry] {
        switch transportProtocol {
        case .icmp: version4
        case .icmpv6: version6
        default: []
        }
    }

    private static func typeNumber(_ text: Substring, in types: [Entry]) -> UInt8? {
        types.first { $0.names.contains(String(text)) }?.number ?? number(text, unless: types.isEmpty)
    }

    private static func codeNumber(_ text: Substring, of type: UInt8, in types: [Entry]) -> UInt8? {
        let codes = types.first { $0.number == type }?.codes ?? []
        return codes.first { $0.names.contains(String(text)) }?.number ?? number(text, unless: false)
    }

    /// A code whose name alone says which type it belongs to.
    private static func uniqueCode(named text: Substring, in types: [Entry]) -> IntervalSet<UInt16>? {
        let found = types.flatMap { type in
            type.codes.filter { $0.names.contains(String(text)) }.map {
                member(type: type.number, code: $0.number)
            }
        }
        return found.count == 1 ? IntervalSet(found) : nil
    }

    /// Decimal digits only: `UInt8` would read a sign too.
    private static func number(_ text: Substring, unless noneIsMeant: Bool) -> UInt8? {
        guard !noneIsMeant, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
            return nil
        }
        return UInt8(text)
    }
}
