/// A prefix of an address family: an address whose bits below `length` are zero.
package struct Prefix: Hashable, Sendable {
    package let family: IPFamily
    package let first: UInt128
    /// The number of leading bits that are fixed.
    package let length: Int

    /// Returns nil when `length` does not fit the family or bits below it are set.
    package init?(family: IPFamily, first: UInt128, length: Int) {
        guard (0...family.addressWidth).contains(length), first <= family.lastAddress else { return nil }
        guard first & Self.hostMask(family: family, length: length) == 0 else { return nil }
        self.family = family
        self.first = first
        self.length = length
    }

    /// The prefix of this length that holds an address.
    package init?(of address: IPAddress, length: Int) {
        guard (0...address.family.addressWidth).contains(length) else { return nil }
        let first = address.value & ~Self.hostMask(family: address.family, length: length)
        self.init(family: address.family, first: first, length: length)
    }

    package var last: UInt128 { first | Self.hostMask(family: family, length: length) }

    package var interval: Interval<UInt128> { Interval(unchecked: first, last) }

    package var isSingleAddress: Bool { length == family.addressWidth }

    private static func hostMask(family: IPFamily, length: Int) -> UInt128 {
        let hostBits = family.addressWidth - length
        return hostBits == 128 ? .max : (1 << UInt128(hostBits)) - 1
    }
}

extension Prefix {
    /// An address, or a prefix in CIDR notation whose host bits are zero; nil for anything else.
    package init?(text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress(String($0)) }), parts.count <= 2 else {
            return nil
        }
        guard parts.count == 2 else {
            self.init(family: address.family, first: address.value, length: address.family.addressWidth)
            return
        }
        guard let length = Int(parts[1]), parts[1].allSatisfy(\.isNumber) else { return nil }
        self.init(family: address.family, first: address.value, length: length)
    }
}

extension Prefix: CustomStringConvertible {
    /// The address alone when the prefix is one address, CIDR notation otherwise.
    package var description: String {
        let address = IPAddress(family: family, value: first).description
        return isSingleAddress ? address : "\(address)/\(length)"
    }
}

extension Interval where Bound == UInt128 {
    /// The fewest prefixes whose union is this interval of addresses.
    package func prefixes(in family: IPFamily) -> [Prefix] {
        var result: [Prefix] = []
        var start = lower
        while true {
            let alignment = min(start.trailingZeroBitCount, family.addressWidth)
            let span = upper - start
            // span + 1 addresses remain; a full 128-bit span has no such number, hence the case of its own.
            let fitting = span == .max ? 128 : 127 - (span + 1).leadingZeroBitCount
            let hostBits = min(alignment, fitting)
            guard let prefix = Prefix(family: family, first: start, length: family.addressWidth - hostBits)
            else { return result }
            result.append(prefix)
            if prefix.last >= upper { return result }
            start = prefix.last + 1
        }
    }

    /// The single prefix that this interval is, if it is one.
    package func prefix(in family: IPFamily) -> Prefix? {
        let span = lower ^ upper
        guard span & (span &+ 1) == 0, lower & span == 0 else { return nil }
        let hostBits = 128 - span.leadingZeroBitCount
        return Prefix(family: family, first: lower, length: family.addressWidth - hostBits)
    }
}
