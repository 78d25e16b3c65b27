import PacketModel

@testable import Policy

/// What docs/policy.md says that becomes of packets one after another, while buckets grow empty: they gain a token in hours.
struct ReadingForecast {
    struct Fate: Equatable, CustomStringConvertible {
        var passes = false
        var isRefused = false
        /// What the host sends to its own address, on its way in; nil for any other, and while it does not leave.
        var arrives: Bool?
        /// The refusal leaves, where that is told.
        var isAnswered: Bool?

        var description: String {
            let words = [
                passes ? "passes" : isRefused ? "refused" : "silence", arrives.map { "arrives \($0)" },
            ]
            return (words + [isAnswered.map { "answered \($0)" }]).compactMap(\.self).joined(separator: ", ")
        }
    }

    private let reading: SecondReading
    private var tokens: [Bucket: UInt32] = [:]

    /// A bucket of a line, of a family.
    private struct Bucket: Hashable {
        var line: Int
        var family: IPFamily
        var key: UInt128
    }

    init(_ policy: Policy) { reading = SecondReading(policy: policy) }

    mutating func fate(of passage: Passage) -> Fate {
        var fate = Fate()
        switch decide(passage) {
        case .passes, .limited: fate.passes = true
        case .silence: break
        case .refusal: fate.isRefused = passage.canBeRefused
        }
        if fate.passes, passage.output == "lo" {
            var back = passage
            (back.direction, back.input, back.output, back.user) = (.inbound, "lo", nil, nil)
            fate.arrives = self.fate(of: back).passes
        }
        if fate.isRefused, let answer = passage.refusal { fate.isAnswered = self.fate(of: answer).passes }
        return fate
    }

    /// With ``SecondReading/Answer/limited(otherwise:)`` for what a bucket let pass.
    private mutating func decide(_ passage: Passage) -> SecondReading.Answer {
        let answer = reading.answer(passage)
        guard case .limited(let rejects) = answer else { return answer }
        var hasRoom = false
        for line in reading.limits(of: passage) {
            guard let limit = line.limit else { continue }
            let bucket = Bucket(
                line: line.origin.line,
                family: passage.family,
                key: limit.key.value(of: passage)
            )
            let left = tokens[bucket] ?? limit.burst
            if left > 0 {
                tokens[bucket] = left - 1
                hasRoom = true
            }
        }
        return hasRoom ? answer : rejects ? .refusal : .silence
    }
}

extension TokenBucket.Key {
    /// What of the packet counts by itself.
    fileprivate func value(of passage: Passage) -> UInt128 {
        let address: IPAddress
        switch self {
        case .shared: return 0
        case .source: address = passage.source
        case .destination: address = passage.destination
        }
        guard address.family == .ipv6, let length = ipv6PrefixLength else { return address.value }
        return length == 0 ? 0 : address.value >> UInt128(128 - length)
    }
}

extension Passage {
    /// The kernel answers no reset and no ICMP error.
    fileprivate var canBeRefused: Bool {
        // To an address that stands for IPv4 the kernel sends no reset (net/ipv6/netfilter/nf_reject_ipv6.c).
        if transportProtocol == .tcp {
            return !flags.contains(.rst) && (source.family == .ipv4 || source.value >> 32 != 0xFFFF)
        }
        let type = member >> 8
        switch transportProtocol {
        case .icmp: return ![3, 4, 5, 11, 12].contains(type)
        case .icmpv6: return type >= 128
        default: return true
        }
    }

    /// What the host answers to a refused packet of a connection that came in; nil where more is to be known for it.
    fileprivate var refusal: Passage? {
        guard direction == .inbound, hasConnection, !isTranslated, let link = TestPlaces.link(of: source),
            TestPlaces.isOwn(destination), !destination.isLoopback, destination != TestPlaces.linkLocal
        else { return nil }
        var answer = self
        answer.direction = .outbound
        (answer.source, answer.destination) = (destination, source)
        (answer.input, answer.output) = (nil, link)
        (answer.state, answer.isReply) = (.related, !isReply)
        (answer.hopLimit, answer.user) = (64, nil)
        if transportProtocol == .tcp {
            (answer.sourcePort, answer.member) = (member, sourcePort)
            answer.flags = [.rst, .ack]
        } else {
            answer.transportProtocol = family == .ipv4 ? .icmp : .icmpv6
            answer.member = family == .ipv4 ? 3 << 8 | 13 : 1 << 8 | 1
        }
        return answer
    }
}
