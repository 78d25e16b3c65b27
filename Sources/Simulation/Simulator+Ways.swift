import Netfilter
import PacketModel

/// Which way a packet takes: here, or on to another host.
extension Simulator {
    /// What is known of the destination before any rule saw the packet.
    mutating func lookAtDestination(_ packet: Packet) {
        let kinds = [AddressType.local, .unicast].map { UInt128($0.rawValue) }
        guard !trustsTypes, let type = self[.destinationType], kinds.contains(type),
            let destination = firstDestination
        else {
            return
        }
        if knowsAddresses {
            setType(of: destination, .destinationType)
        } else if packet.outputInterface != nil {
            // It may be for this host until a rule sends it on.
            open |= 1 << UInt64(Field.destinationType.rawValue)
        }
    }

    /// An address of this host, as far as anybody says.
    func isOwn(_ address: UInt128) -> Bool {
        localAddresses.contains(address) || IPAddress(family: program.family, value: address).isLoopback
    }

    /// What the routes say of an address: an own one is local, another is not.
    mutating func setType(of address: UInt128, _ field: Field) {
        let (local, unicast) = (UInt128(AddressType.local.rawValue), UInt128(AddressType.unicast.rawValue))
        if isOwn(address) {
            set(field, local)
        } else if self[field] == local || self[field] == nil {
            set(field, unicast)
        }
    }

    private var isDestinationChanged: Bool { isOpen(.destination) || self[.destination] != firstDestination }

    /// What the routes say behind PREROUTING.
    mutating func staysHere(_ packet: Packet) -> Bool {
        if isRedirected { return true }
        if isOpen(.destination) { return program.delivery.map { isAssumed(ofThisOpening($0)) } ?? false }
        guard let destination = self[.destination] else { return packet.outputInterface == nil }
        if isDestinationChanged { return isOwn(destination) }
        if isTakenAsOwn == true, packet.outputInterface != nil {
            // Sent to this host, and by no rule to another: then it leaves by no interface.
            trace.isImpossible = true
        }
        let isOfOthers = self[.destinationType] == UInt128(AddressType.unicast.rawValue)
        if knowsAddresses { return packet.outputInterface == nil ? !isOfOthers : isOwn(destination) }
        return packet.outputInterface == nil
    }

    /// By which interface it goes on: as the packet says, as somebody says, or as the rules tell.
    mutating func chooseWay(_ said: String?) {
        let known = isOpen(.destination) ? nil : self[.destination].flatMap(interface)
        if let name = said ?? known {
            outputInterface = number(of: name)
        } else {
            isWayOpen = true
        }
        guard isDestinationChanged || said == nil, let destination = self[.destination] else { return }
        trace.forwarding = Trace.Forwarding(
            destination: isOpen(.destination) ? nil : IPAddress(family: program.family, value: destination),
            port: self[.destinationPort].map { UInt16(truncatingIfNeeded: $0) },
            interface: said ?? known
        )
    }

    private func interface(to address: UInt128) -> String? {
        routes.interface(to: address) ?? program.routes.interface(to: address)
    }

    /// NAT of what this host sends asks the routes once more (net/netfilter/nf_nat_proto.c, nf_nat_ipv4_local_fn).
    mutating func chooseWayAgain() {
        guard isDestinationChanged, !isOpen(.destination), let destination = self[.destination] else {
            return
        }
        if isOwn(destination) {
            outputInterface = number(of: "lo")
        } else if let name = interface(to: destination) {
            outputInterface = number(of: name)
        }
    }
}

extension IPFamily {
    var loopback: UInt128 { self == .ipv4 ? 0x7F00_0001 : 1 }
}
