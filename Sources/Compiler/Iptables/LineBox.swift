import PacketModel
import Policy

/// What one line says of one protocol in one family.
struct LineBox {
    /// The place of the line among those of its stage.
    var owner: Int
    /// Nil for every protocol.
    var transportProtocol: IPProtocol?
    /// Ports, or types and codes; full where all are meant.
    var members: IntervalSet<UInt16>
    /// Nil for every address.
    var source: IntervalSet<UInt128>?
    var destination: IntervalSet<UInt128>?
    var inputInterfaces: [InterfacePattern]?
    var outputInterfaces: [InterfacePattern]?
    var users: IntervalSet<UInt128>?
    var until: CalendarTime?

    /// The boxes of a line; none when it says nothing of this family.
    static func boxes(of line: PolicyLine, owner: Int, in family: IPFamily) -> [LineBox] {
        let (source, destination) = (line.source?[family], line.destination?[family])
        guard source?.isEmpty != true, destination?.isEmpty != true else { return [] }
        let everything = AddressSet.full[family]
        func box(_ transportProtocol: IPProtocol?, _ members: IntervalSet<UInt16>) -> LineBox {
            LineBox(
                owner: owner,
                transportProtocol: transportProtocol,
                members: members,
                source: source == everything ? nil : source,
                destination: destination == everything ? nil : destination,
                inputInterfaces: line.inputInterfaces,
                outputInterfaces: line.outputInterfaces,
                users: line.users.map { users in
                    IntervalSet(users.intervals.compactMap { Interval(UInt128($0.lower), UInt128($0.upper)) })
                },
                until: line.until
            )
        }
        if line.services.isAny { return [box(nil, .full)] }
        return line.services.asked.filter { ($0.transportProtocol.family ?? family) == family }
            .map { box($0.transportProtocol, $0.members) }
    }

    var hasPorts: Bool { transportProtocol?.hasPorts == true && !members.isFull }

    /// The ports in lists that one rule can hold.
    func portLists(_ asked: Asked) -> [IntervalSet<UInt16>] {
        guard hasPorts, members.intervals.count > 1 else { return [members] }
        guard asked == .inPacket else { return members.intervals.map { IntervalSet($0) } }
        // The extension `multiport` has fifteen places, and a range takes two.
        var (lists, free): ([[Interval<UInt16>]], Int) = ([], 0)
        for interval in members.intervals {
            let needed = interval.isSingle ? 1 : 2
            if needed > free {
                lists.append([])
                free = 15
            }
            lists[lists.count - 1].append(interval)
            free -= needed
        }
        return lists.map { IntervalSet($0) }
    }
}

/// Which destination a rule reads, where NAT may have changed the packet's.
enum Asked {
    /// The one in the packet, which nothing changed.
    case inPacket
    /// The port that the first packet of the connection asked for; the address is the packet's.
    case portBeforeTranslation
    /// The port and the address that the first packet asked for.
    case beforeTranslation

    var portField: Field { self == .inPacket ? .destinationPort : .originalDestinationPort }
    var addressField: Field { self == .beforeTranslation ? .originalDestination : .destination }
}
