import PacketModel
import Policy
import TestSupport

/// Policies and packets of a small world, so that they often meet. The same seed gives the same ones.
struct RandomPolicies: RandomNumberGenerator {
    private var generator: SplitMix64

    init(seed: UInt64) { generator = SplitMix64(state: seed) }

    mutating func next() -> UInt64 { generator.next() }

    mutating func flip() -> Bool { Bool.random(using: &self) }
    mutating func one(in count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }

    mutating func prefix() -> Prefix? {
        let address = IPAddress(family: .ipv4, value: self.address())
        return Prefix(of: address, length: [24, 26, 28, 30, 32].randomElement(using: &self) ?? 32)
    }

    mutating func address() -> UInt128 {
        if one(in: 12) { return 127 << 24 | 1 }
        return UInt128(192 << 24 | 2 << 8 | UInt32.random(in: 0..<256, using: &self))
    }

    mutating func services() -> ServiceSet {
        switch Int.random(in: 0..<9, using: &self) {
        case 0: return .any
        case 1: return ServiceSet(.tcp)
        case 2: return ServiceSet(.gre)
        case 3: return Sample.ping
        default:
            let count = one(in: 6) ? 40 : Int.random(in: 1...3, using: &self)
            var ports: [Interval<UInt16>] = []
            for _ in 0..<count {
                let lower = UInt16.random(in: 1...150, using: &self)
                ports += [Interval(lower, lower + (one(in: 4) ? 5 : 0))].compactMap(\.self)
            }
            return ServiceSet(flip() ? .tcp : .udp, IntervalSet(ports))
        }
    }

    mutating func addresses() -> AddressSet? {
        if one(in: 3) { return nil }
        let count = one(in: 8) ? 30 : Int.random(in: 1...2, using: &self)
        return AddressSet((0..<count).compactMap { _ in prefix() })
    }

    mutating func lines(_ count: Int, limited: Bool) -> [PolicyLine] {
        (1...count).map { number in
            let denies = one(in: 10)
            var line = Sample.line(
                number,
                .inbound,
                denies ? .deny : .allow,
                services(),
                from: addresses(),
                to: one(in: 4) ? addresses() : nil,
                in: one(in: 6) ? [flip() ? "eth0" : "eth*"] : nil
            )
            if line.isBan && line.source == nil { line.source = AddressSet([prefix()].compactMap(\.self)) }
            if one(in: 5) { line.until = CalendarTime(seconds: flip() ? 1_000 : 2_000) }
            // Few enough that no more overlap than a chain takes.
            if limited && !denies && one(in: count / 8 + 1) {
                line.limit = Sample.limit(UInt32(number) + 1, .minute)
            }
            return line
        }
    }

    mutating func packet() -> SamplePacket {
        let port = UInt16.random(in: 1...155, using: &self)
        let isTranslated = one(in: 3)
        let destination = address()
        var packet = SamplePacket(
            transportProtocol: [.tcp, .tcp, .udp, .gre, .esp].randomElement(using: &self) ?? .tcp,
            source: address(),
            destination: destination,
            port: port,
            originalPort: isTranslated ? UInt16.random(in: 1...155, using: &self) : port,
            originalDestination: isTranslated ? address() : destination,
            input: flip() ? "eth0" : "eth1",
            isTranslated: isTranslated
        )
        packet.time = CalendarTime(seconds: [0, 1_000, 1_999, 2_000].randomElement(using: &self) ?? 0)
        if one(in: 4) {
            packet.state = .established
            packet.isReply = flip()
        }
        return packet
    }
}

/// What lines mean for a packet that comes in, said plainly.
struct Meaning {
    enum Verdict: Equatable {
        case admitted
        case refused
        /// Admitted when one of so many buckets is under its rate.
        case limited(Int)
    }

    var lines: [PolicyLine]
    var spared: IntervalSet<UInt128>?

    func verdict(on packet: SamplePacket) -> Verdict {
        // A loopback address that comes from outside, or is asked for there.
        if packet.source >> 24 == 127 { return .refused }
        let isSpared = spared?.contains(packet.source) ?? false
        let matching = lines.filter { speaks($0, of: packet) }
        let denies = matching.filter { $0.action == .deny && ($0.isBan ? !isSpared : !packet.isReply) }
        if !denies.isEmpty { return .refused }
        if packet.state == .established { return .admitted }
        if packet.destination >> 24 == 127 && !packet.isTranslated { return .refused }
        let allows = matching.filter { $0.action == .allow }
        if allows.contains(where: { $0.limit == nil }) { return .admitted }
        if allows.isEmpty { return .refused }
        return isSpared ? .admitted : .limited(allows.count)
    }

    private func speaks(_ line: PolicyLine, of packet: SamplePacket) -> Bool {
        let asked = packet.isTranslated ? packet.originalPort : packet.port
        let input = packet.input ?? ""
        return line.services.contains(packet.transportProtocol, asked)
            && line.source?.ipv4.contains(packet.source) != false
            && line.destination?.ipv4.contains(packet.destination) != false
            && line.inputInterfaces?.contains { $0.matches(input) } != false
            && line.until.map { packet.time < $0 } != false
    }
}
