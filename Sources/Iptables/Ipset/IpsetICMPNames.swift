import PacketModel

/// The names that ipset has for a type of ICMP with one code.
enum IpsetICMPNames {
    private static func entries(_ family: IPFamily) -> [ICMPNames.Entry] {
        (family == .ipv4 ? ICMPNames.version4 : ICMPNames.version6).entries
    }

    /// Names of a type alone stand for its code 0, where the type has no other; the rest has no name here.
    private static func value(_ entry: ICMPNames.Entry, _ family: IPFamily) -> UInt16? {
        if entry.codes.count == 1 { return UInt16(entry.type << 8 | entry.codes.lowerBound) }
        let withoutCodes: Set<UInt64> =
            family == .ipv4 ? [0, 4, 8, 9, 10, 13, 14, 17, 18] : [2, 128, 129, 133, 134, 135, 136, 137]
        return withoutCodes.contains(entry.type) ? UInt16(entry.type << 8) : nil
    }

    static func value(of name: String, _ family: IPFamily) -> UInt16? {
        guard let entry = entries(family).first(where: { $0.key == name.lowercased() }) else { return nil }
        return value(entry, family)
    }

    static func name(of typeAndCode: UInt16, _ family: IPFamily) -> String? {
        entries(family).first { value($0, family) == typeAndCode }?.name
    }
}
