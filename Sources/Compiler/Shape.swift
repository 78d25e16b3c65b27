package import PacketModel
import Policy

/// Which parts of a packet a piece of the policy looks at.
///
/// All pieces of one shape stand in one set of the compiled firewall, so that a packet is looked up once for
/// each shape, however many lines there are.
package struct Shape: Hashable, Sendable {
    /// Sorted; nil for every interface.
    package var inputInterfaces: [InterfacePattern]?
    package var outputInterfaces: [InterfacePattern]?
    /// Nil for every protocol.
    package var transportProtocol: IPProtocol?
    /// Ports, or ICMP types, are asked for; always false without a protocol.
    package var hasMembers: Bool
    /// Given when addresses are asked for.
    package var family: IPFamily?
    package var hasSource: Bool
    package var hasDestination: Bool
    package var hasUser: Bool
    /// Asked for only before; nil for always.
    package var until: CalendarTime?
}

extension Shape: Comparable {
    /// The order in which packets are looked up.
    ///
    /// UDP comes first, because a flow without answers asks for every packet and TCP only once; within a protocol
    /// the general comes before the particular; what names no protocol comes last.
    package static func < (left: Shape, right: Shape) -> Bool {
        left.sortKey.lexicographicallyPrecedes(right.sortKey)
    }

    private var sortKey: [String] {
        [
            until.map { String($0.seconds) } ?? "",
            inputInterfaces == nil && outputInterfaces == nil ? "0" : "1",
            Self.key(inputInterfaces), Self.key(outputInterfaces),
            transportProtocol.map { $0 == .udp ? "0" : $0 == .tcp ? "1" : String(2000 + Int($0.number)) }
                ?? "9",
            hasMembers ? "1" : "0",
            String([hasSource, hasDestination, hasUser].count { $0 }),
            hasSource ? "1" : "0", hasDestination ? "1" : "0", hasUser ? "1" : "0",
            family?.rawValue ?? "",
        ]
    }

    private static func key(_ interfaces: [InterfacePattern]?) -> String {
        interfaces?.map(\.text).joined(separator: ",") ?? ""
    }
}

/// A box of packets that one line decides.
package struct Piece: Hashable, Sendable {
    /// Full where the shape asks for none.
    package var members: Interval<UInt16>
    package var source: Interval<UInt128>
    package var destination: Interval<UInt128>
    package var user: Interval<UInt32>
    /// The place in the list of lines that were cut.
    package var owner: Int

    /// A few neighbouring addresses as one piece each: sets of single values take and lose each of them by itself.
    func withSingleAddresses(_ shape: Shape) -> [Piece] {
        func parts(_ addresses: Interval<UInt128>, _ isAsked: Bool) -> [Interval<UInt128>] {
            guard isAsked, addresses.upper - addresses.lower < Self.fewAddresses else { return [addresses] }
            return (addresses.lower...addresses.upper).map { Interval($0) }
        }
        return parts(source, shape.hasSource).flatMap { source in
            parts(destination, shape.hasDestination).map { destination in
                var piece = self
                (piece.source, piece.destination) = (source, destination)
                return piece
            }
        }
    }

    private static let fewAddresses: UInt128 = 16

    /// One box for this and the next, where they differ by a single dimension and touch in it.
    func joined(with next: Piece) -> Piece? {
        guard owner == next.owner else { return nil }
        var whole = self
        var differences = 0
        func join<Bound>(_ left: inout Interval<Bound>, _ right: Interval<Bound>) -> Bool {
            if left == right { return true }
            differences += 1
            guard left.upper < right.lower, left.upper + 1 == right.lower,
                let both = Interval(left.lower, right.upper)
            else { return false }
            left = both
            return true
        }
        guard join(&whole.members, next.members), join(&whole.source, next.source),
            join(&whole.destination, next.destination), join(&whole.user, next.user), differences == 1
        else { return nil }
        return whole
    }
}

/// The disjoint pieces of one shape, in order.
package struct PieceTable: Sendable {
    package let shape: Shape
    /// Its place among those of the shape.
    package var part = 0
    package var pieces: [Piece]
    /// The sets that stay also where nothing is in them: lines of this shape follow DNS names, whose answers then change
    /// elements and nothing else.
    package var kept: Kept = []

    package struct Kept: OptionSet, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// Of single values.
        package static let singles = Kept(rawValue: 1 << 0)
        /// Of ranges of ports or users.
        package static let ranges = Kept(rawValue: 1 << 1)
    }
}
