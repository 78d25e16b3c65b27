import Netlink

/// An interface, as rtnetlink(7) has it.
struct NetworkLink: Hashable, Sendable {
    var index: Int32
    var name: String
    /// ARPHRD_ETHER and its like (linux/if_arp.h).
    var hardware: UInt16
    /// `wireguard`, `vxlan`, `bridge`, `veth` …; nil for a device that is more than software.
    var kind: String?
    /// What its kind has to say of it.
    var settings: [NetlinkAttribute]
    /// The number of the bridge that it is a port of; 0 for none.
    var master: Int32

    /// `ifi_type` of interfaces with addresses of hardware (linux/if_arp.h, ARPHRD_ETHER).
    static let ethernet: UInt16 = 1

    func setting(_ type: Int) -> NetlinkAttribute? { settings.first { $0.type == UInt16(type) } }
}

extension NetworkLink {
    /// A message `RTM_NEWLINK`: `struct ifinfomsg` and its attributes.
    init?(_ message: NetlinkMessage) {
        let body = message.body
        guard body.count >= 16 else { return nil }
        let attributes = NetlinkAttribute.readable(in: body.dropFirst(16))
        func attribute(_ type: UInt16) -> NetlinkAttribute? { attributes.first { $0.type == type } }
        guard let name = attribute(3)?.text else { return nil }
        let information = attribute(18)?.nested ?? []
        self.init(
            index: body.hostOrder(Int32.self, at: 4),
            name: name,
            hardware: body.hostOrder(UInt16.self, at: 2),
            kind: information.first { $0.type == 1 }?.text,
            settings: information.first { $0.type == 2 }?.nested ?? [],
            master: attribute(10).flatMap { $0.hostInteger(Int32.self) } ?? 0
        )
    }
}

extension NetlinkAttribute {
    /// The integer in the order of this machine, as rtnetlink has them; nil when the value has another size.
    func hostInteger<Integer: FixedWidthInteger & BitwiseCopyable>(_: Integer.Type) -> Integer? {
        value.count == Integer.bitWidth / 8 ? value.hostOrder(Integer.self, at: 0) : nil
    }
}
