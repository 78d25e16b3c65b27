import Netlink

/// The attributes of one thing of nf_tables, by their numbers.
struct AttributeList: Hashable, Sendable {
    let all: [NetlinkAttribute]

    init(_ all: [NetlinkAttribute]) {
        self.all = all
    }

    subscript(_ type: some BinaryInteger) -> NetlinkAttribute? { all.first { $0.type == UInt16(type) } }

    /// Whether there is nothing but the attributes up to this number: what a newer kernel adds is not understood.
    func ends(at last: UInt16) -> Bool { all.allSatisfy { $0.type <= last } }

    func u8(_ type: some BinaryInteger) -> UInt8? { self[type]?.integer(UInt8.self) }
    func u16(_ type: some BinaryInteger) -> UInt16? { self[type]?.integer(UInt16.self) }
    func u32(_ type: some BinaryInteger) -> UInt32? { self[type]?.integer(UInt32.self) }
    func u64(_ type: some BinaryInteger) -> UInt64? { self[type]?.integer(UInt64.self) }

    /// A number that the kernel leaves in the order of this machine.
    func hostNumber(_ type: some BinaryInteger) -> UInt32? {
        guard let value = self[type]?.value, value.count == 4 else { return nil }
        return value.hostOrder(UInt32.self, at: 0)
    }

    func text(_ type: some BinaryInteger) -> String? { self[type]?.text }
    func bytes(_ type: some BinaryInteger) -> [UInt8]? { self[type].map { Array($0.value) } }

    func nested(_ type: some BinaryInteger) throws(NetlinkDamage) -> AttributeList? {
        guard let attribute = self[type] else { return nil }
        return AttributeList(try NetlinkAttribute.all(in: attribute.value))
    }

    /// The lists in a list: the expressions of a rule, the elements of a set.
    func lists(_ type: some BinaryInteger) throws(NetlinkDamage) -> [AttributeList] {
        guard let attribute = self[type] else { return [] }
        var result: [AttributeList] = []
        for part in try NetlinkAttribute.all(in: attribute.value) {
            result.append(AttributeList(try NetlinkAttribute.all(in: part.value)))
        }
        return result
    }

    /// The bytes of a `NFTA_DATA_VALUE`.
    func data(_ type: some BinaryInteger) throws(NetlinkDamage) -> [UInt8]? {
        try nested(type)?.bytes(1)
    }
}
