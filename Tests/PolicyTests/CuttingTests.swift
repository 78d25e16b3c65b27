import Diagnostics
import PacketModel
import TestSupport
import Testing

@testable import Compiler
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

    /// Where lines overlap in too many ways they stand in several tables, and the first that knows a packet is still the
    /// one of the first line.
    @Test(arguments: UInt64(1)...12)
    func `the first table that knows a packet has its first line`(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        func range(_ width: UInt128) -> IntervalSet<UInt128> {
            let ends = [
                UInt128.random(in: 0..<width, using: &random), .random(in: 0..<width, using: &random),
            ]
            return IntervalSet([Interval(ends.min() ?? 0, ends.max() ?? 0)].compactMap(\.self))
        }
        let lines = (0..<120).map { number in
            var line = line(
                number,
                IntervalSet(range(500).intervals.compactMap { Interval(UInt16($0.lower), UInt16($0.upper)) })
            )
            line.action = .deny
            line.source = AddressSet(ipv4: range(1 << 20))
            line.destination = AddressSet(ipv4: range(1 << 20))
            return line
        }
        let tables = try Cutting.cut(lines)
        #expect(tables.count > 1 && Set(tables.map(\.part)).count == tables.count)
        #expect(tables.reduce(0) { $0 + $1.pieces.count } < 10 * lines.count)
        for _ in 0..<2_000 {
            let port = UInt16.random(in: 0..<500, using: &random)
            let (source, destination) = (
                UInt128.random(in: 0..<(1 << 20), using: &random),
                UInt128.random(in: 0..<(1 << 20), using: &random)
            )
            let owner = tables.lazy.flatMap(\.pieces).first {
                $0.members.contains(port) && $0.source.contains(source)
                    && $0.destination.contains(destination)
            }?.owner
            let first = lines.firstIndex {
                $0.services.contains(.tcp, port) && $0.source?.ipv4.contains(source) == true
                    && $0.destination?.ipv4.contains(destination) == true
            }
            #expect(owner == first)
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
