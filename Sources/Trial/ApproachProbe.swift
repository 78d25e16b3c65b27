import Kernel
import PacketModel
import Policy

/// How an approach is made on the wire.
extension Approach {
    /// A probe whose packets start as the approach says; `number` makes ports and identifiers its own.
    func probe(number: Int, isAnswered: Bool) -> Probe {
        switch direction {
        case .inbound:
            let link = inputInterface ?? ""
            if isAnswered, let kind = conversationKind {
                return .conversation(Conversation(kind, .inbound, from: source, to: destination, on: link))
            }
            return .inbound(packet(number: number), on: link)
        case .outbound:
            let user = user ?? 0
            if isAnswered, let kind = conversationKind, user == 0 || transportProtocol.hasPorts {
                let link = outputInterface ?? ""
                return .conversation(
                    Conversation(kind, .outbound(user: user), from: source, to: destination, on: link)
                )
            }
            return .outbound(packet(number: number), user: user, on: outputInterface)
        case .forward:
            return .forwarded(
                packet(number: number),
                on: inputInterface ?? "",
                leaving: outputInterface ?? ""
            )
        }
    }

    /// What can answer: TCP and UDP servers, pings.
    private var conversationKind: Conversation.Kind? {
        switch transportProtocol {
        case .tcp: .tcp(port: member)
        case .udp: .udp(port: member)
        case .icmp where member == 8 << 8, .icmpv6 where member == 128 << 8: .ping
        default: nil
        }
    }

    /// The first packet.
    func packet(number: Int) -> WirePacket {
        let port = UInt16(truncatingIfNeeded: 20_000 + number)
        let transport: WirePacket.Transport =
            switch transportProtocol {
            case .tcp: .tcp(WirePacket.TCPHeader(source: port, destination: member, flags: .syn))
            case .udp: .udp(source: port, destination: member)
            case .icmp, .icmpv6:
                .icmp(
                    type: UInt8(member >> 8),
                    code: UInt8(truncatingIfNeeded: member),
                    rest: UInt32(port) << 16 | 1
                )
            case .sctp, .dccp, .udplite: .opening(transportProtocol, source: port, destination: member)
            default: .other(transportProtocol)
            }
        // GRE begins with flags, its version and a protocol, which connection tracking reads (RFC 2784).
        let header: [UInt8] = transportProtocol == .gre ? [0, 0, 0x08, 0] : []
        return WirePacket(from: source, to: destination, transport, payload: header)
    }

    /// `tcp/22 from 198.51.100.8`, with what else matters to a line.
    var text: String {
        var parts = ["\(service)"]
        switch direction {
        case .inbound:
            parts.append("from \(source)")
            if let inputInterface { parts.append("in \(inputInterface)") }
        case .outbound:
            parts.append("to \(destination)")
            if let outputInterface { parts.append("out \(outputInterface)") }
            if let user, user != 0 { parts.append("by user \(user)") }
        case .forward:
            parts.append("from \(source) to \(destination)")
            if let inputInterface, let outputInterface {
                parts.append("\(inputInterface) > \(outputInterface)")
            }
        }
        return parts.joined(separator: " ")
    }

    /// What is asked for, as a policy writes it.
    private var service: ServiceSet {
        if transportProtocol.hasPorts { return ServiceSet(transportProtocol, [member]) }
        guard transportProtocol.hasTypes else { return ServiceSet(transportProtocol) }
        return ServiceSet(transportProtocol, ICMPType.members(type: UInt8(member >> 8)))
    }
}
