import Netfilter
import PacketModel

/// What rules and the way of a packet change of it.
extension Simulator {
    mutating func set(_ field: Field, _ value: UInt128?) {
        let slot = Int(field.rawValue)
        values[slot] = value ?? 0
        open &= ~(1 << UInt64(slot))
        if value == nil { present &= ~(1 << UInt64(slot)) } else { present |= 1 << UInt64(slot) }
    }

    mutating func perform(_ range: Range<Int32>) {
        for place in range {
            switch program.statements[Int(place)] {
            case .alter(let field, let mask, let bits):
                guard let value = self[field] else { continue }
                if isOpen(field), !covers(mask, field) { continue }
                set(field, (value & ~mask) ^ bits)
            case .addHops(let hops):
                guard let value = self[.hopLimit], !isOpen(.hopLimit) else { continue }
                set(.hopLimit, UInt128(min(255, max(0, Int(value) + hops))))
            case .copyMark(let copy): perform(copy)
            case .untrack: untrack()
            case .counter, .log, .remember, .aside: continue
            }
        }
    }

    private func covers(_ mask: UInt128, _ field: Field) -> Bool {
        let width = field.width(in: program.family) ?? 128
        let all = width == 128 ? UInt128.max : 1 << UInt128(width) - 1
        return mask & all == all
    }

    /// net/netfilter/xt_connmark.c, connmark_tg_shift.
    private mutating func perform(_ copy: MarkCopy) {
        guard let connection = self[.connectionMark] else { return }
        let (from, to) = copy.toConnection ? (Field.mark, Field.connectionMark) : (.connectionMark, .mark)
        if isOpen(from) { return forget([to]) }
        if isOpen(to), copy.toConnection ? copy.connectionMask != .max : copy.packetMask != .max { return }
        let packet = self[.mark] ?? 0
        let (source, sourceMask, target, targetMask) =
            copy.toConnection
            ? (packet, copy.packetMask, connection, copy.connectionMask)
            : (connection, copy.connectionMask, packet, copy.packetMask)
        var bits = UInt32(truncatingIfNeeded: source) & sourceMask
        bits = copy.shift < 0 ? bits >> UInt32(-copy.shift) : bits << UInt32(copy.shift)
        let changed = (UInt32(truncatingIfNeeded: target) & ~targetMask) ^ bits
        set(copy.toConnection ? .connectionMark : .mark, UInt128(changed))
    }

    /// What only connection tracking knows.
    private static let connectionFields: [Field] = [
        .connectionStatus, .connectionDirection, .connectionMark, .connectionProtocol, .originalSource,
        .originalSourcePort, .originalDestination, .originalDestinationPort, .replySource,
        .replySourcePort, .replyDestination, .replyDestinationPort,
    ]

    private static let connectionMask = bits(of: connectionFields)

    /// A packet that belongs to a connection keeps it (notrack_chk, net/netfilter/xt_CT.c).
    private mutating func untrack() {
        guard present & Self.connectionMask == 0 else { return }
        isUntracked = true
        set(.connectionState, UInt128(ConnectionState.untracked.rawValue))
    }

    /// Before connection tracking has looked, the packet belongs to no connection.
    mutating func hideConnection() -> (present: UInt64, state: UInt128?) {
        let held = (present & Self.connectionMask, self[.connectionState])
        present &= ~Self.connectionMask
        let state = isUntracked ? ConnectionState.untracked : .invalid
        set(.connectionState, UInt128(state.rawValue))
        return held
    }

    mutating func showConnection(_ held: (present: UInt64, state: UInt128?)) {
        guard !isUntracked else { return set(.connectionState, UInt128(ConnectionState.untracked.rawValue)) }
        present |= held.present
        set(.connectionState, held.state)
    }

    /// What stands in the header of the transport protocol.
    private static let transportMask = bits(of: [.sourcePort, .destinationPort, .icmpTypeAndCode, .tcpFlags])

    private static func bits(of fields: [Field]) -> UInt64 {
        fields.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
    }

    /// A later fragment has no header of the transport protocol.
    mutating func hideTransport() {
        guard self[.fragment] == UInt128(FragmentPart.later.rawValue) else { return }
        hiddenTransport = present & Self.transportMask
        present &= ~Self.transportMask
    }

    /// The datagram is put together, with the header of its first part.
    mutating func reassemble() {
        guard self[.fragment] != nil else { return }
        present |= hiddenTransport
        hiddenTransport = 0
        set(.fragment, UInt128(FragmentPart.whole.rawValue))
    }

    /// Forwarding takes a hop (net/ipv4/ip_forward.c); false when none is left.
    mutating func takeHop() -> Bool {
        guard let hops = self[.hopLimit] else { return true }
        guard hops > 1 else {
            expire()
            return false
        }
        set(.hopLimit, hops - 1)
        return true
    }

    /// NAT asks its chains about the first packet of a connection (net/netfilter/nf_nat_core.c, nf_nat_inet_fn).
    var translates: Bool {
        guard !isUntracked, let state = self[.connectionState] else { return false }
        return state == UInt128(ConnectionState.new.rawValue)
            || state == UInt128(ConnectionState.related.rawValue)
    }

    mutating func translate(_ verdict: Verdict) {
        switch verdict {
        case .masquerade: masquerade()
        case .redirect(let port):
            translate(Translation(.destination, ports: Interval(port), isToThisHost: true))
        case .destinationNAT(let address, let port):
            translate(
                Translation(.destination, addresses: Interval(address.value), ports: port.map(Interval.init))
            )
        case .translate(let translation): translate(translation)
        default: break
        }
    }

    private mutating func translate(_ translation: Translation) {
        let isSource = translation.side == .source || (translation.side == .ofHook && isRouted)
        let (addressField, portField) =
            isSource ? (Field.source, Field.sourcePort) : (.destination, .destinationPort)
        if let addresses = translation.addresses, let address = self[addressField] {
            // The kernel spreads connections over a range by a hash; the first stands for all.
            setAddress(
                addressField,
                (address & ~translation.mask) | (addresses.lower & translation.mask)
            )
        }
        if let ports = translation.ports, let port = self[portField],
            !ports.contains(UInt16(truncatingIfNeeded: port))
        {
            set(portField, UInt128(ports.lower))
        }
        if translation.isToThisHost { redirect() }
        mark(isSource ? .sourceNAT : .destinationNAT)
    }

    /// An address with its type, which is that of the address of the moment.
    private mutating func setAddress(_ field: Field, _ address: UInt128) {
        set(field, address)
        setType(of: address, field == .source ? .sourceType : .destinationType)
    }

    private mutating func redirect() {
        isRedirected = true
        if isSent {
            set(.destination, program.family.loopback)
        } else if let redirection {
            set(.destination, redirection)
        }
        set(.destinationType, UInt128(AddressType.local.rawValue))
    }

    private mutating func masquerade() {
        if let address = name(of: outputInterface).flatMap({ interfaceAddresses[$0] }), !isWayOpen {
            set(.source, address)
        }
        set(.sourceType, UInt128(AddressType.local.rawValue))
        mark(.sourceNAT)
    }

    /// Notes in the connection what NAT did, so that the answers are known again.
    private mutating func mark(_ status: ConnectionStatus) {
        set(.connectionStatus, (self[.connectionStatus] ?? 0) | UInt128(status.rawValue))
        guard self[.replySource] != nil else { return }
        if status == .sourceNAT {
            set(.replyDestination, self[.source])
            if let port = self[.sourcePort] { set(.replyDestinationPort, port) }
        } else {
            set(.replySource, self[.destination])
            if let port = self[.destinationPort] { set(.replySourcePort, port) }
        }
    }

    // MARK: Packets of connections that were translated before

    /// NAT knows the packet's connection, and does to it what it did to the first (nf_nat_packet).
    var translatesAgain: Bool {
        self[.connectionState] == UInt128(ConnectionState.established.rawValue)
            && (self[.connectionStatus] ?? 0) & Self.translated != 0 && self[.replySource] != nil
    }

    private static let translated = UInt128(
        ConnectionStatus.sourceNAT.rawValue | ConnectionStatus.destinationNAT.rawValue
    )

    mutating func translateAgain() {
        let isReply = self[.connectionDirection] == 1
        // What was done to the source of the first is undone at the destination of the answer.
        let status: ConnectionStatus = isRouted != isReply ? .sourceNAT : .destinationNAT
        guard (self[.connectionStatus] ?? 0) & UInt128(status.rawValue) != 0 else { return }
        let from: (address: Field, port: Field) =
            switch (isReply, isRouted) {
            case (false, false): (.replySource, .replySourcePort)
            case (false, true): (.replyDestination, .replyDestinationPort)
            case (true, false): (.originalSource, .originalSourcePort)
            case (true, true): (.originalDestination, .originalDestinationPort)
            }
        if let address = self[from.address] { setAddress(isRouted ? .source : .destination, address) }
        let portField = isRouted ? Field.sourcePort : .destinationPort
        if self[portField] != nil, let port = self[from.port] { set(portField, port) }
    }
}

extension Chain.Hook.Point {
    /// Where NAT stands at the hook (NF_IP_PRI_NAT_DST and NF_IP_PRI_NAT_SRC, linux/netfilter_ipv4.h).
    var translation: Int {
        switch self {
        case .prerouting, .output, .forward: -100
        case .input, .postrouting: 100
        }
    }
}
