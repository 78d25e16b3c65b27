import CKernel
import Netlink
import PacketModel

/// A connection as ctnetlink has it (linux/netfilter/nfnetlink_conntrack.h).
extension LiveConnection {
    var isOfTheHostToItself: Bool { local == remote || local.isLoopback || remote.isLoopback }

    /// The direction of the first packet.
    var originalTuple: NetlinkAttribute {
        tuple(UInt16(CTA_TUPLE_ORIG.rawValue), fromHere: !isInbound)
    }

    /// All that a new entry needs.
    var trackingEntry: [NetlinkAttribute] {
        [
            originalTuple,
            tuple(UInt16(CTA_TUPLE_REPLY.rawValue), fromHere: isInbound),
            NetlinkAttribute(UInt16(CTA_STATUS.rawValue), Self.status.bytes),
            NetlinkAttribute(UInt16(CTA_TIMEOUT.rawValue), timeout.bytes),
        ] + protocolState
    }

    /// Packets went both ways, and it is not to go first when room is short.
    private static let status = [IPS_SEEN_REPLY, IPS_ASSURED, IPS_CONFIRMED].reduce(UInt32(0)) {
        $0 | UInt32($1.rawValue)
    }

    /// The seconds of silence after which it is forgotten: what the kernel gives an established connection of TCP and a
    /// stream of UDP (Documentation/networking/nf_conntrack-sysctl.rst). With the next packet the host's own apply.
    private var timeout: UInt32 { transportProtocol == .tcp ? 432_000 : 180 }

    /// TCP is established. Its sequence numbers are not known, so none is out of window, either way.
    private var protocolState: [NetlinkAttribute] {
        guard transportProtocol == .tcp else { return [] }
        // struct nf_ct_tcp_flags: the flags, and which of them to set.
        let liberal = UInt8(IP_CT_TCP_FLAG_BE_LIBERAL)
        let state = [
            NetlinkAttribute(
                UInt16(CTA_PROTOINFO_TCP_STATE.rawValue),
                [UInt8(TCP_CONNTRACK_ESTABLISHED.rawValue)]
            ),
            NetlinkAttribute(UInt16(CTA_PROTOINFO_TCP_FLAGS_ORIGINAL.rawValue), [liberal, liberal]),
            NetlinkAttribute(UInt16(CTA_PROTOINFO_TCP_FLAGS_REPLY.rawValue), [liberal, liberal]),
        ]
        let tcp = NetlinkAttribute(UInt16(CTA_PROTOINFO_TCP.rawValue), nested: state)
        return [NetlinkAttribute(UInt16(CTA_PROTOINFO.rawValue), nested: [tcp])]
    }

    private func tuple(_ type: UInt16, fromHere: Bool) -> NetlinkAttribute {
        let (source, destination) = fromHere ? (local, remote) : (remote, local)
        let (sourcePort, destinationPort) = fromHere ? (localPort, remotePort) : (remotePort, localPort)
        let types =
            local.family == .ipv4
            ? (UInt16(CTA_IP_V4_SRC.rawValue), UInt16(CTA_IP_V4_DST.rawValue))
            : (UInt16(CTA_IP_V6_SRC.rawValue), UInt16(CTA_IP_V6_DST.rawValue))
        let addresses = [
            NetlinkAttribute(types.0, source.bytes), NetlinkAttribute(types.1, destination.bytes),
        ]
        let transport = [
            NetlinkAttribute(UInt16(CTA_PROTO_NUM.rawValue), [transportProtocol.number]),
            NetlinkAttribute(UInt16(CTA_PROTO_SRC_PORT.rawValue), sourcePort.bytes),
            NetlinkAttribute(UInt16(CTA_PROTO_DST_PORT.rawValue), destinationPort.bytes),
        ]
        return NetlinkAttribute(
            type,
            nested: [
                NetlinkAttribute(UInt16(CTA_TUPLE_IP.rawValue), nested: addresses),
                NetlinkAttribute(UInt16(CTA_TUPLE_PROTO.rawValue), nested: transport),
            ]
        )
    }
}
