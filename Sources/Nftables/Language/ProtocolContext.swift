import Netlink

/// What is known of the headers of a packet where a part of a rule stands, as nft keeps count of it.
struct ProtocolContext: Hashable, Sendable {
    let family: Family
    /// The frame has a header of Ethernet.
    var isEther: Bool
    /// There is a VLAN header behind it.
    var hasVLAN = false
    var network: Header?
    var transport: Header?
    /// The types that an ICMP message may have.
    var messages: [UInt8] = []

    init(_ family: Family) {
        self.family = family
        isEther = family == .bridge
        switch family {
        case .ip: network = .ip
        case .ip6: network = .ip6
        case .arp: network = .arp
        case .inet, .netdev, .bridge: network = nil
        }
    }

    private static let protocolMeta: UInt32 = 1
    private static let hardwareMeta: UInt32 = 8
    private static let familyMeta: UInt32 = 15
    private static let transportMeta: UInt32 = 16

    /// Whether a clause is one that nft puts before others by itself.
    static func isDependency(_ clause: Clause) -> Bool {
        guard case .compare(.source(let source), .equal, _) = clause else { return false }
        switch source {
        case .meta(protocolMeta), .meta(hardwareMeta), .meta(familyMeta), .meta(transportMeta): return true
        case .payload(0, 12, 2), .payload(0, 16, 2), .payload(2, 0, 1): return true
        default: return false
        }
    }

    /// Takes in what a clause says.
    mutating func apply(_ clause: Clause, sets: [String: KernelSet]) {
        if case .lookup(.source(.payload(2, 0, 1)), let name, false) = clause, let set = sets[name],
            set.isAnonymous
        {
            messages = set.elements.compactMap(\.key.first)
            return
        }
        guard case .compare(.source(let source), .equal, let bytes) = clause else { return }
        let (network, host) = (
            bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) },
            bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        )
        switch source {
        case .meta(Self.familyMeta): self.network = .network(family: network)
        case .meta(Self.protocolMeta), .payload(0, 12, 2):
            let isVLAN = network == 0x8100 || network == 0x88A8
            if isVLAN { hasVLAN = true } else { self.network = .network(etherType: network) ?? self.network }
        case .payload(0, 16, 2) where hasVLAN: self.network = .network(etherType: network) ?? self.network
        case .meta(Self.hardwareMeta): isEther = host == 1
        case .meta(Self.transportMeta): transport = .transport(network)
        case .payload(1, 9, 1) where self.network == .ip: transport = .transport(network)
        case .payload(1, 6, 1) where self.network == .ip6: transport = .transport(network)
        case .payload(2, 0, 1): messages = bytes
        default: break
        }
    }

    /// What nft puts before a clause that speaks of these headers.
    func dependencies(of needs: [Need]) -> [Clause] {
        var (context, result) = (self, [Clause]())
        for need in needs {
            for clause in context.dependencies(of: need) {
                context.apply(clause, sets: [:])
                result.append(clause)
            }
        }
        return result
    }

    private func dependencies(of need: Need) -> [Clause] {
        switch need {
        case .header(let header):
            switch header.base {
            case 0: return link(header)
            case 1: return network == header ? [] : network(header, isBelow: false)
            default:
                guard header != .th, let number = header.transport else { return [] }
                guard transport != header else { return [] }
                let below: [Clause] =
                    switch header {
                    case .icmp, .igmp: network == nil ? network(.ip, isBelow: true) : []
                    case .icmpv6: network == nil ? network(.ip6, isBelow: true) : []
                    default: []
                    }
                return below + [Self.equal(.meta(Self.transportMeta), [UInt8(number)])]
            }
        case .message(let types):
            guard let first = types.first, messages.isEmpty else { return [] }
            return types.count == 1 ? [Self.equal(.payload(base: 2, offset: 0, length: 1), [first])] : []
        }
    }

    private static func equal(_ source: Source, _ bytes: [UInt8]) -> Clause {
        .compare(.source(source), .equal, bytes)
    }

    private func link(_ header: Header) -> [Clause] {
        var result: [Clause] = []
        if !isEther { result.append(Self.equal(.meta(Self.hardwareMeta), UInt16(1).hostBytes)) }
        if header == .vlan, !hasVLAN {
            result.append(Self.equal(.payload(base: 0, offset: 12, length: 2), [0x81, 0]))
        }
        return result
    }

    /// - Parameter isBelow: what asks is the header above it.
    private func network(_ header: Header, isBelow: Bool) -> [Clause] {
        let type = UInt16(truncatingIfNeeded: header.etherType ?? 0).bytes
        if hasVLAN { return [Self.equal(.payload(base: 0, offset: 16, length: 2), type)] }
        switch family {
        case .inet: return [Self.equal(.meta(Self.familyMeta), [header == .ip ? 2 : 10])]
        case .bridge where isBelow || header == .arp:
            return [Self.equal(.payload(base: 0, offset: 12, length: 2), type)]
        case .bridge, .netdev: return [Self.equal(.meta(Self.protocolMeta), type)]
        case .ip, .ip6, .arp: return []
        }
    }
}

/// What a name takes for granted.
enum Need: Hashable, Sendable {
    case header(Header)
    /// An ICMP message of one of these types.
    case message([UInt8])
}
