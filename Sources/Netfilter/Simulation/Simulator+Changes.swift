import PacketModel

/// What rules and the way of a packet change of it.
extension Simulator {
    mutating func set(_ field: Field, _ value: UInt128?) {
        let slot = Int(field.rawValue)
        values[slot] = value ?? 0
        if value == nil { present &= ~(1 << UInt64(slot)) } else { present |= 1 << UInt64(slot) }
    }

    mutating func perform(_ range: Range<Int32>) {
        for place in range {
            switch program.statements[Int(place)] {
            case .alter(let field, let mask, let bits):
                guard let value = self[field] else { continue }
                set(field, (value & ~mask) ^ bits)
            case .addHops(let hops):
                guard let value = self[.hopLimit] else { continue }
                set(.hopLimit, UInt128(min(255, max(0, Int(value) + hops))))
            case .copyMark(let copy): perform(copy)
            case .untrack: untrack()
            case .counter, .log, .remember, .aside: continue
            }
        }
    }

    /// net/netfilter/xt_connmark.c, connmark_tg_shift.
    private mutating func perform(_ copy: MarkCopy) {
        guard let connection = self[.connectionMark] else { return }
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
        case .masquerade: mark(.sourceNAT)
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
            let new = (address & ~translation.mask) | (addresses.lower & translation.mask)
            if isSource { set(.source, new) } else { setDestination(new) }
        }
        if let ports = translation.ports, let port = self[portField],
            !ports.contains(UInt16(truncatingIfNeeded: port))
        {
            set(portField, UInt128(ports.lower))
        }
        if translation.isToThisHost { redirect() }
        mark(isSource ? .sourceNAT : .destinationNAT)
    }

    private mutating func setDestination(_ address: UInt128) {
        set(.destination, address)
        let type = localAddresses.contains(address) ? AddressType.local : .unicast
        set(.destinationType, UInt128(type.rawValue))
    }

    private mutating func redirect() {
        isRedirected = true
        if let redirection { set(.destination, redirection) }
        set(.destinationType, UInt128(AddressType.local.rawValue))
    }

    private mutating func mark(_ status: ConnectionStatus) {
        set(.connectionStatus, (self[.connectionStatus] ?? 0) | UInt128(status.rawValue))
    }
}
