import PacketModel
import Testing

/// Every set over a small range, against the sets of the standard library.
@Suite struct IntervalSetTests {
    /// The members of all subsets of 0…5 and of the last six values: the ends are where mistakes live.
    private static let layouts: [Set<UInt8>] = (0..<64).map { bits in
        Set((0..<6).filter { bits & 1 << $0 != 0 }.map { UInt8($0) })
    }

    private static func shifted(_ members: Set<UInt8>) -> Set<UInt8> {
        Set(members.map { 255 - $0 })
    }

    private static func set(_ members: Set<UInt8>) -> IntervalSet<UInt8> {
        IntervalSet(members.map { Interval($0) })
    }

    private static func members(_ set: IntervalSet<UInt8>) -> Set<UInt8> {
        Set(set.intervals.flatMap { $0.lower...$0.upper })
    }

    @Test(arguments: layouts)
    func `operations are those of sets`(left: Set<UInt8>) {
        for right in Self.layouts {
            for (left, right) in [
                (left, right), (Self.shifted(left), Self.shifted(right)), (left, Self.shifted(right)),
            ] {
                let (one, other) = (Self.set(left), Self.set(right))
                #expect(Self.members(one.union(other)) == left.union(right))
                #expect(Self.members(one.intersection(other)) == left.intersection(right))
                #expect(Self.members(one.subtracting(other)) == left.subtracting(right))
                #expect(one.isSuperset(of: other) == left.isSuperset(of: right))
                #expect(one.isDisjoint(with: other) == left.isDisjoint(with: right))
                #expect((one == other) == (left == right))
            }
        }
    }

    @Test(arguments: layouts)
    func `intervals are sorted, apart, and hold what was put in`(members: Set<UInt8>) {
        for members in [members, Self.shifted(members)] {
            let set = Self.set(members)
            #expect(Self.members(set) == members)
            #expect(
                zip(set.intervals, set.intervals.dropFirst()).allSatisfy { Int($0.upper) + 1 < Int($1.lower) }
            )
            #expect(Self.members(set.complement()) == Set(UInt8.min...UInt8.max).subtracting(members))
            #expect((UInt8.min...UInt8.max).allSatisfy { set.contains($0) == members.contains($0) })
        }
    }
}

@Suite struct PrefixTests {
    @Test(arguments: [
        ("0.0.0.0-255.255.255.255", ["0.0.0.0/0"]),
        ("192.0.2.5-192.0.2.5", ["192.0.2.5"]),
        ("192.0.2.1-192.0.2.6", ["192.0.2.1", "192.0.2.2/31", "192.0.2.4/31", "192.0.2.6"]),
        ("10.0.0.0-10.0.1.255", ["10.0.0.0/23"]),
        ("::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ["::/0"]),
        ("2001:db8::1-2001:db8::2", ["2001:db8::1", "2001:db8::2"]),
    ])
    func `a range is the fewest prefixes`(range: String, expected: [String]) throws {
        let ends = try range.split(separator: "-").map { try #require(IPAddress($0)) }
        let interval = try #require(Interval(ends[0].value, ends[1].value))
        #expect(interval.prefixes(in: ends[0].family).map(\.description) == expected)
    }

    @Test(arguments: [
        "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1..2.3", "", ":::", "1.2.3.4 ", "fe80::1%eth0",
        "12345::",
    ])
    func `what is no address is refused`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [
        "0.0.0.0", "255.255.255.255", "192.0.2.5", "::", "::1", "2001:db8::5", "fe80::ff:fe00:101",
    ])
    func `an address is printed as it was read`(text: String) throws {
        #expect(try #require(IPAddress(text)).description == text)
    }

    @Test func `a prefix with host bits is none`() {
        #expect(Prefix(family: .ipv4, first: 0xC000_0201, length: 24) == nil)
        #expect(Prefix(family: .ipv4, first: 0xC000_0200, length: 33) == nil)
        #expect(Prefix(family: .ipv6, first: 1, length: 128)?.last == 1)
    }
}
