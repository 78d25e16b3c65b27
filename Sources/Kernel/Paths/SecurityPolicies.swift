import CKernel
import Glibc
import Netlink
import PacketModel
import SystemPackage

/// What must come in by IPsec, as the kernel's policies say it (ip-xfrm(8), linux/xfrm.h).
struct SecurityPolicies: Hashable, Sendable {
    /// Of packets that come to this host.
    var inbound: [SecurityPolicy] = []
    /// The requests whose states are carried by UDP (RFC 3948), and by which port of this host.
    var carriedByUDP: [UInt32: UInt16] = [:]

    private static let policyDump: UInt16 = 0x15
    private static let stateDump: UInt16 = 0x12

    /// Those of the calling thread's network namespace; none where the kernel has no IPsec.
    static func read() throws(SystemError) -> SecurityPolicies {
        var policies = SecurityPolicies()
        do throws(SystemError) {
            let netlink = try NetlinkSocket(protocol: NETLINK_XFRM)
            // struct xfrm_userpolicy_id and struct xfrm_usersa_id; the kernel reads nothing of them for a list.
            policies.inbound = try netlink.dump(type: policyDump, body: [UInt8](repeating: 0, count: 64))
                .compactMap { SecurityPolicy($0.body) }
            // Without a policy no state is asked for.
            guard !policies.inbound.isEmpty else { return policies }
            for state in try netlink.dump(type: stateDump, body: [UInt8](repeating: 0, count: 24)) {
                guard let (request, port) = Self.port(ofState: state.body) else { continue }
                policies.carriedByUDP[request] = port
            }
        } catch {
            switch error.errno {
            case .protocolNotSupported, .addressFamilyNotSupported, .noSuchFileOrDirectory: return policies
            default: throw error
            }
        }
        // The lowest number goes first.
        policies.inbound.sort { $0.priority < $1.priority }
        return policies
    }

    /// `struct xfrm_usersa_info` has 224 bytes; the request stands after selector, name, source, lifetimes, statistics and
    /// sequence.
    static func port(ofState body: ArraySlice<UInt8>) -> (request: UInt32, port: UInt16)? {
        guard body.count >= 224,
            let encapsulation = NetlinkAttribute.readable(in: body.dropFirst(224)).first(where: {
                $0.type == 4
            }),
            encapsulation.value.count >= 6
        else { return nil }
        return (body.hostOrder(UInt32.self, at: 208), UInt16(encapsulation.value.dropFirst(4).prefix(2)))
    }

    /// What carries packets that come from an address, of a session or of anything; empty where none must be protected.
    ///
    /// - Parameter interface: the number by which an interface of IPsec is linked to its policies
    func flows(
        from remote: IPAddress,
        to local: IPAddress?,
        _ session: LiveConnection?,
        linkedTo interface: UInt32?
    ) -> [OuterFlow] {
        let policy = inbound.first { policy in
            (policy.interface ?? 0) == (interface ?? 0) && policy.selects(remote, local, session)
        }
        guard let policy else { return [] }
        return policy.templates.flatMap { template -> [OuterFlow] in
            let (source, target) = template.isTunnel ? (template.source, template.target) : (remote, local)
            let carrier =
                carriedByUDP[template.request].map {
                    OuterFlow(.udp, remote: source, local: target, port: $0)
                }
                ?? OuterFlow(
                    IPProtocol(number: template.transportProtocol),
                    remote: source,
                    local: target
                )
            // The keys are made anew now and then (RFC 7296).
            let keys = OuterFlow(.udp, remote: source, local: target, port: carrier.port ?? 500)
            return keys == carrier ? [carrier] : [carrier, keys]
        }
    }
}

/// A policy of packets that come to this host, and what it asks of them.
struct SecurityPolicy: Hashable, Sendable {
    struct Template: Hashable, Sendable {
        var source: IPAddress?
        var target: IPAddress?
        var transportProtocol: UInt8
        var request: UInt32
        var isTunnel: Bool
    }

    /// A port of which only some bits count.
    struct MaskedPort: Hashable, Sendable {
        var value: UInt16
        var mask: UInt16

        func selects(_ port: UInt16) -> Bool { (port ^ value) & mask == 0 }
    }

    var priority: UInt32
    var source: Prefix
    var target: Prefix
    /// 0 for every one.
    var transportProtocol: UInt8
    var sourcePort: MaskedPort
    var targetPort: MaskedPort
    var interface: UInt32?
    var templates: [Template]

    func selects(_ remote: IPAddress, _ local: IPAddress?, _ session: LiveConnection?) -> Bool {
        guard source.holds(remote), local.map(target.holds) ?? true else { return false }
        // What is below a session has other ports and another protocol.
        guard let session else { return transportProtocol == 0 }
        return (transportProtocol == 0 || transportProtocol == session.transportProtocol.number)
            && sourcePort.selects(session.remotePort) && targetPort.selects(session.localPort)
    }
}

extension SecurityPolicy {
    /// `struct xfrm_userpolicy_info`, 168 bytes: selector, lifetimes, priority, number, direction, action. Nil for one of
    /// another direction, or without templates.
    init?(_ body: ArraySlice<UInt8>) {
        guard body.count >= 168 else { return nil }
        let bytes = Array(body.prefix(168))
        let attributes = NetlinkAttribute.readable(in: body.dropFirst(168))
        let (incoming, allow): (UInt8, UInt8) = (0, 0)
        guard bytes[160] == incoming, bytes[161] == allow,
            let family = Self.family(bytes[40...].hostOrder(UInt16.self, at: 0)),
            let target = Self.prefix(bytes[0..<16], family, bytes[42]),
            let source = Self.prefix(bytes[16..<32], family, bytes[43])
        else { return nil }
        self.source = source
        self.target = target
        targetPort = MaskedPort(value: UInt16(bytes[32..<34]), mask: UInt16(bytes[34..<36]))
        sourcePort = MaskedPort(value: UInt16(bytes[36..<38]), mask: UInt16(bytes[38..<40]))
        transportProtocol = bytes[44]
        priority = bytes[152...].hostOrder(UInt32.self, at: 0)
        interface = attributes.first { $0.type == 31 }?.hostInteger(UInt32.self)
        let list = attributes.first { $0.type == 5 }?.value ?? []
        templates = stride(from: 0, to: list.count - 63, by: 64).compactMap {
            Template(Array(list.dropFirst($0).prefix(64)))
        }
    }

    private static func prefix(_ bytes: ArraySlice<UInt8>, _ family: IPFamily, _ length: UInt8) -> Prefix? {
        let address = IPAddress(bytes: bytes.prefix(family == .ipv4 ? 4 : 16))
        return address.flatMap { Prefix(of: $0, length: Int(length)) }
    }

    fileprivate static func family(_ number: UInt16) -> IPFamily? {
        switch Int32(number) {
        case AF_INET: .ipv4
        case AF_INET6: .ipv6
        default: nil
        }
    }
}

extension SecurityPolicy.Template {
    /// `struct xfrm_user_tmpl`, 64 bytes: the state's target and protocol, family, source, request, mode.
    fileprivate init?(_ bytes: [UInt8]) {
        // What a template calls optional (`level use`), a packet may go without.
        guard bytes.count == 64, bytes[50] == 0,
            let family = SecurityPolicy.family(bytes[24...].hostOrder(UInt16.self, at: 0))
        else { return nil }
        let length = family == .ipv4 ? 4 : 16
        func address(at offset: Int) -> IPAddress? {
            IPAddress(bytes: bytes[offset..<(offset + length)]).flatMap { $0.value == 0 ? nil : $0 }
        }
        target = address(at: 0)
        transportProtocol = bytes[20]
        source = address(at: 28)
        request = bytes[44...].hostOrder(UInt32.self, at: 0)
        isTunnel = bytes[48] != 0
    }
}
