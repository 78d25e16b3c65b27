/// A set of addresses of both families.
package struct AddressSet: Hashable, Sendable {
    package var ipv4: IntervalSet<UInt128>
    package var ipv6: IntervalSet<UInt128>

    package init(ipv4: IntervalSet<UInt128> = [], ipv6: IntervalSet<UInt128> = []) {
        self.ipv4 = ipv4
        self.ipv6 = ipv6
    }

    package init(_ first: Prefix, _ others: Prefix...) {
        self.init([first] + others)
    }

    package init(_ prefixes: [Prefix]) {
        ipv4 = IntervalSet(prefixes.lazy.filter { $0.family == .ipv4 }.map(\.interval))
        ipv6 = IntervalSet(prefixes.lazy.filter { $0.family == .ipv6 }.map(\.interval))
    }

    /// Every address of both families.
    package static var full: AddressSet {
        AddressSet(
            ipv4: IntervalSet(Interval(unchecked: 0, IPFamily.ipv4.lastAddress)),
            ipv6: .full
        )
    }

    package var isEmpty: Bool { ipv4.isEmpty && ipv6.isEmpty }

    package subscript(family: IPFamily) -> IntervalSet<UInt128> {
        get {
            switch family {
            case .ipv4: ipv4
            case .ipv6: ipv6
            }
        }
        set {
            switch family {
            case .ipv4: ipv4 = newValue
            case .ipv6: ipv6 = newValue
            }
        }
    }

    package func contains(_ address: IPAddress) -> Bool {
        self[address.family].contains(address.value)
    }

    package func union(_ other: AddressSet) -> AddressSet {
        AddressSet(ipv4: ipv4.union(other.ipv4), ipv6: ipv6.union(other.ipv6))
    }

    package func intersection(_ other: AddressSet) -> AddressSet {
        AddressSet(ipv4: ipv4.intersection(other.ipv4), ipv6: ipv6.intersection(other.ipv6))
    }

    package func subtracting(_ other: AddressSet) -> AddressSet {
        AddressSet(ipv4: ipv4.subtracting(other.ipv4), ipv6: ipv6.subtracting(other.ipv6))
    }
}
