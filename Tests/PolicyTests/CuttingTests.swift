import Diagnostics
import PacketModel
import Testing

@testable import Policy

/// Pieces of one shape never overlap, and all shapes together hold just what the lines say.
@Suite struct CuttingTests {
    @Test(arguments: UInt64(1)...80)
    func `pieces are disjoint`(seed: UInt64) throws {
        var random = RandomPolicy(seed: seed)
        let lines = random.policy(lines: 12).lines.inCanonicalOrder
        for table in try Cutting.cut(lines) {
            for (index, piece) in table.pieces.enumerated() {
                for other in table.pieces[(index + 1)...] {
                    let meets =
                        piece.members.overlaps(other.members) && piece.source.overlaps(other.source)
                        && piece.destination.overlaps(other.destination) && piece.user.overlaps(other.user)
                    #expect(!meets, "\(table.shape): \(piece) \(other)")
                }
            }
        }
    }

    @Test func `what a line without conditions covers needs no narrower piece`() throws {
        let address = try #require(IPAddress("192.0.2.5"))
        let office = AddressSet(try #require(Prefix(of: address, length: 32)))
        let tables = try Cutting.cut([
            line(1, [80, 443]), line(2, [80], from: office), line(3, [25], from: office),
        ])
        let owners = tables.flatMap { $0.pieces.map { ($0.owner, $0.members.lower) } }
        #expect(owners.map(\.0) == [0, 0, 2])
        #expect(owners.map(\.1) == [80, 443, 25])
    }

    @Test func `touching pieces of one line are one`() throws {
        let tables = try Cutting.cut([
            line(1, IntervalSet([Interval(80, 90)].compactMap(\.self))), line(2, [85]),
        ])
        #expect(tables.flatMap(\.pieces).map(\.members.lower) == [80])
    }

    private func line(_ number: Int, _ ports: IntervalSet<UInt16>, from source: AddressSet? = nil)
        -> PolicyLine
    {
        PolicyLine(
            direction: .inbound,
            action: .allow,
            services: ServiceSet(.tcp, ports),
            source: source,
            origin: Origin(line: number, range: .start, title: "line \(number)")
        )
    }
}
