import CKernel
import Glibc
import Netlink
import PacketModel
import SystemPackage

/// A device of WireGuard, as its part of the kernel tells it (linux/wireguard.h).
struct WireGuardDevice: Hashable, Sendable {
    struct Peer: Hashable, Sendable {
        var key: [UInt8]
        var endpoint: IPAddress?
        var endpointPort: UInt16?
        /// It sends by itself, so that this host begins anew what was forgotten.
        var keepsAlive: Bool
        var allowed: [Prefix]
    }

    var port: UInt16
    var peers: [Peer] = []

    /// Nil where the kernel has no WireGuard, or no device of this name.
    static func read(_ name: String) throws(SystemError) -> WireGuardDevice? {
        let netlink = try NetlinkSocket(protocol: NETLINK_GENERIC)
        do throws(SystemError) {
            guard let family = try Self.family(netlink) else { return nil }
            let attribute = NetlinkAttribute(
                UInt16(WGDEVICE_A_IFNAME.rawValue),
                Array(name.utf8) + [0]
            )
            var device: WireGuardDevice?
            // A message has no room for many: the next one goes on, with the rest of the same peer.
            let body = Self.head(UInt8(WG_CMD_GET_DEVICE.rawValue)) + attribute.bytes
            for message in try netlink.dump(type: family, body: body) {
                let attributes = NetlinkAttribute.readable(in: message.body.dropFirst(4))
                guard let part = WireGuardDevice(attributes) else { continue }
                device = device?.continued(by: part) ?? part
            }
            return device
        } catch {
            switch error.errno {
            case .noSuchFileOrDirectory, .operationNotSupportedByDevice, .notSupportedOnSocket: return nil
            default: throw error
            }
        }
    }

    /// The number that the kernel gave this part of it (Documentation/userspace-api/netlink/intro.rst).
    private static func family(_ netlink: NetlinkSocket) throws(SystemError) -> UInt16? {
        let name = NetlinkAttribute(UInt16(CTRL_ATTR_FAMILY_NAME), Array("wireguard".utf8) + [0])
        let body = head(UInt8(CTRL_CMD_GETFAMILY)) + name.bytes
        let answers = try netlink.request(type: UInt16(GENL_ID_CTRL), flags: 0, body: body)
        let attributes = answers.first.map { NetlinkAttribute.readable(in: $0.body.dropFirst(4)) } ?? []
        return attributes.first { $0.type == UInt16(CTRL_ATTR_FAMILY_ID) }?.hostInteger(UInt16.self)
    }

    /// `struct genlmsghdr`: command, version, two bytes of nothing.
    private static func head(_ command: UInt8) -> [UInt8] { [command, 1, 0, 0] }

    func continued(by part: WireGuardDevice) -> WireGuardDevice {
        var whole = self
        for peer in part.peers {
            if let last = whole.peers.indices.last, whole.peers[last].key == peer.key {
                whole.peers[last].allowed += peer.allowed
            } else {
                whole.peers.append(peer)
            }
        }
        return whole
    }

    /// What carries the packets of an address behind it: to the port of this host, from the peer that has the address.
    func flows(to remote: IPAddress) -> [OuterFlow] {
        let owners = peers.flatMap { peer in
            peer.allowed.filter { $0.holds(remote) }.map { ($0.length, peer) }
        }
        // The longest prefix has the address (cryptokey routing).
        let peer = owners.max { $0.0 < $1.0 }?.1
        return [
            OuterFlow(
                .udp,
                remote: peer?.endpoint,
                local: nil,
                port: port,
                begunHere: peer?.keepsAlive == true ? peer?.endpointPort : nil
            )
        ]
    }
}

extension WireGuardDevice {
    /// A part of an answer; nil for one without a port.
    init?(_ attributes: [NetlinkAttribute]) {
        guard
            let port = attributes.first(where: { $0.type == UInt16(WGDEVICE_A_LISTEN_PORT.rawValue) })?
                .hostInteger(UInt16.self)
        else { return nil }
        let list = attributes.first { $0.type == UInt16(WGDEVICE_A_PEERS.rawValue) }?.nested ?? []
        self.init(port: port, peers: list.map { Peer($0.nested) })
    }
}

extension WireGuardDevice.Peer {
    fileprivate init(_ attributes: [NetlinkAttribute]) {
        func attribute(_ type: wgpeer_attribute) -> NetlinkAttribute? {
            attributes.first { $0.type == UInt16(type.rawValue) }
        }
        key = Array(attribute(WGPEER_A_PUBLIC_KEY)?.value ?? [])
        // struct sockaddr_in, struct sockaddr_in6: family, port, then the address after nothing or the flow label.
        let address = attribute(WGPEER_A_ENDPOINT)?.value ?? []
        let isIPv6 = address.count >= 28
        endpoint =
            address.count < 16
            ? nil : IPAddress(bytes: address.dropFirst(isIPv6 ? 8 : 4).prefix(isIPv6 ? 16 : 4))
        endpointPort = address.count < 16 ? nil : UInt16(address.dropFirst(2).prefix(2))
        let interval = attribute(WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL)?.hostInteger(UInt16.self)
        keepsAlive = (interval ?? 0) != 0
        allowed = (attribute(WGPEER_A_ALLOWEDIPS)?.nested ?? []).compactMap { entry in
            let parts = entry.nested
            guard
                let address = parts.first(where: { $0.type == UInt16(WGALLOWEDIP_A_IPADDR.rawValue) })?
                    .address,
                let length = parts.first(where: { $0.type == UInt16(WGALLOWEDIP_A_CIDR_MASK.rawValue) })?
                    .value.first
            else { return nil }
            return Prefix(of: address, length: Int(length))
        }
    }
}

extension Prefix {
    func holds(_ address: IPAddress) -> Bool { family == address.family && interval.contains(address.value) }
}
