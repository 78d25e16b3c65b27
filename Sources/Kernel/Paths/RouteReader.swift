import CKernel
import Glibc
import Netlink
import PacketModel
import SystemPackage

/// Asks rtnetlink(7) by which interfaces, neighbours and ports packets go, in the network namespace of the thread that
/// makes it.
struct RouteReader: Sendable {
    private let netlink: NetlinkSocket

    init() throws(SystemError) {
        netlink = try NetlinkSocket(protocol: NETLINK_ROUTE)
    }

    /// Where packets to an address leave.
    struct Route: Hashable, Sendable {
        var interface: Int32
        /// The router that they are handed to; nil where the address is on the link itself.
        var gateway: IPAddress?
    }

    /// Nil where no route leads there.
    func route(to destination: IPAddress, from source: IPAddress?) throws(SystemError) -> Route? {
        do throws(SystemError) {
            return try ask(destination, source)
        } catch {
            switch error.errno {
            // A source that is no address of this host.
            case .invalidArgument where source != nil: return try route(to: destination, from: nil)
            case .noRouteToHost, .networkUnreachable, .noSuchProcess, .permissionDenied: return nil
            default: throw error
            }
        }
    }

    private func ask(_ destination: IPAddress, _ source: IPAddress?) throws(SystemError) -> Route? {
        let bits = UInt8(destination.bytes.count * 8)
        let domain = UInt8(SocketAddress.domain(of: destination.family))
        // struct rtmsg: family, lengths of destination and source, type of service, then what only an answer has.
        let head: [UInt8] = [domain, bits, source == nil ? 0 : bits] + [UInt8](repeating: 0, count: 9)
        let attributes =
            [NetlinkAttribute(UInt16(RTA_DST.rawValue), destination.bytes)]
            + (source.map { [NetlinkAttribute(UInt16(RTA_SRC.rawValue), $0.bytes)] } ?? [])
        let body = head + attributes.flatMap(\.bytes)
        let answers = try netlink.request(type: UInt16(RTM_GETROUTE), flags: 0, body: body)
        guard let answer = answers.first, answer.body.count >= 12 else { return nil }
        let parts = NetlinkAttribute.readable(in: answer.body.dropFirst(12))
        func part(_ type: rtattr_type_t) -> NetlinkAttribute? {
            parts.first { $0.type == UInt16(type.rawValue) }
        }
        guard let interface = part(RTA_OIF)?.hostInteger(Int32.self) else { return nil }
        // A router of the other family has its family before its address (struct rtvia).
        let gateway =
            part(RTA_GATEWAY)?.address ?? part(RTA_VIA).flatMap { IPAddress(bytes: $0.value.dropFirst(2)) }
        return Route(interface: interface, gateway: gateway)
    }

    /// Nil when there is none of this number.
    func link(_ index: Int32) throws(SystemError) -> NetworkLink? {
        // struct ifinfomsg: family, padding, type, number, flags, change.
        let body = [0, 0, 0, 0] + index.hostBytes + [UInt8](repeating: 0, count: 8)
        do throws(SystemError) {
            let answers = try netlink.request(type: UInt16(RTM_GETLINK), flags: 0, body: body)
            return answers.first.flatMap { NetworkLink($0) }
        } catch {
            guard error.errno == .operationNotSupportedByDevice else { throw error }
            return nil
        }
    }

    /// The interfaces that are ports of a bridge.
    func ports(of bridge: Int32) throws(SystemError) -> [NetworkLink] {
        // IFLA_MASTER: the kernel leaves the others out, where it knows how to.
        let filter = NetlinkAttribute(UInt16(10), bridge.hostBytes).bytes
        let body = [UInt8](repeating: 0, count: 16) + filter
        return try netlink.dump(type: UInt16(RTM_GETLINK), body: body).compactMap { NetworkLink($0) }
            .filter { $0.master == bridge }
    }

    /// The address of hardware that a neighbour on a link has; nil when it is not known.
    func neighbour(_ address: IPAddress, on interface: Int32) throws(SystemError) -> [UInt8]? {
        let domain = UInt8(SocketAddress.domain(of: address.family))
        let body =
            Self.neighbour(domain, interface, flags: 0)
            + NetlinkAttribute(UInt16(NDA_DST), address.bytes).bytes
        return try entry(body)?.first { $0.type == UInt16(NDA_LLADDR) }.map { Array($0.value) }
    }

    /// The number of the port of a bridge behind which an address of hardware is; nil when it is not known.
    func port(of hardware: [UInt8], on bridge: Int32) throws(SystemError) -> Int32? {
        let body =
            Self.neighbour(UInt8(PF_BRIDGE), 0, flags: 0)
            + NetlinkAttribute(UInt16(NDA_LLADDR), hardware).bytes
            + NetlinkAttribute(UInt16(NDA_MASTER), bridge.hostBytes).bytes
        guard let message = try neighbourMessage(body), message.body.count >= 8 else { return nil }
        return message.body.hostOrder(Int32.self, at: 4)
    }

    /// Where a device like VXLAN sends what is for an address of hardware; nil when that is not known.
    func destination(of hardware: [UInt8], by device: Int32) throws(SystemError) -> IPAddress? {
        let body =
            Self.neighbour(UInt8(PF_BRIDGE), device, flags: UInt8(NTF_SELF))
            + NetlinkAttribute(UInt16(NDA_LLADDR), hardware).bytes
        return try entry(body)?.first { $0.type == UInt16(NDA_DST) }?.address
    }

    /// `struct ndmsg`: family, padding, the number of the interface, state, flags, type.
    private static func neighbour(_ family: UInt8, _ interface: Int32, flags: UInt8) -> [UInt8] {
        [family, 0, 0, 0] + interface.hostBytes + [0, 0, flags, 0]
    }

    private func entry(_ body: [UInt8]) throws(SystemError) -> [NetlinkAttribute]? {
        try neighbourMessage(body).map { NetlinkAttribute.readable(in: $0.body.dropFirst(12)) }
    }

    /// Single entries are asked for since Linux 5.0; what an older kernel does not say is not known.
    private func neighbourMessage(_ body: [UInt8]) throws(SystemError) -> NetlinkMessage? {
        do throws(SystemError) {
            return try netlink.request(type: UInt16(RTM_GETNEIGH), flags: 0, body: body).first
        } catch {
            switch error.errno {
            case .noSuchFileOrDirectory, .noSuchAddressOrDevice, .invalidArgument, .notSupportedOnSocket:
                return nil
            default: throw error
            }
        }
    }
}

extension IPAddress {
    /// An address in network order; nil for bytes of another number than four or sixteen.
    init?(bytes: ArraySlice<UInt8>) {
        switch bytes.count {
        case 4: self.init(family: .ipv4, value: UInt128(UInt32(bytes)))
        case 16: self.init(family: .ipv6, value: UInt128(bytes))
        default: return nil
        }
    }
}

extension NetlinkAttribute {
    var address: IPAddress? { IPAddress(bytes: value) }
}
