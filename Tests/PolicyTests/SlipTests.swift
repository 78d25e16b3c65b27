import Diagnostics
import PacketModel
import Policy
import TestSupport
import Testing

/// A policy that was right, and one slip in it: what is said leads back, and never to more than was allowed.
@Suite struct SlipTests {
    private static let rounds = 24

    @Test(arguments: Slip.allCases) func everySlipIsAnswered(_ slip: Slip) throws {
        var (tried, mended) = (0, 0)
        var (errors, unanswered) = (0, [String]())
        for seed in 0..<UInt64(Self.rounds) {
            var generator = SplitMix64(state: seed &* 31 &+ 7)
            var random = RandomPolicyText(seed: seed)
            let text = random.policy()
            guard let right = Self.read(text).0, let damaged = slip.damage(text, with: &generator) else {
                continue
            }
            let (policy, diagnostics) = Self.read(damaged)
            // Some slips say something else that is right.
            guard policy == nil else { continue }
            tried += 1
            for error in diagnostics where error.severity == .error {
                let told = "\(slip), seed \(seed): \(error.code): \(error.message)\n\(damaged)"
                #expect(error.primary != nil, "no place: \(told)")
                errors += 1
                if !Self.saysWhatToDo(error) { unanswered.append(told) }
            }
            guard let (fixed, wordless) = Self.mended(damaged) else { continue }
            mended += 1
            let more = Self.approaches(seed).first { approach in
                fixed.judge(approach).passes && !right.judge(approach).passes
            }
            #expect(
                more == nil,
                "\(slip), seed \(seed): admits \(String(describing: more)):\n\(damaged)\n\(wordless)"
            )
        }
        // A few say only what is wrong.
        #expect(
            unanswered.count * 8 <= errors,
            "\(slip): nothing to do:\n\(unanswered.joined(separator: "\n"))"
        )
        // Most slips can be mended by the choices that come first.
        #expect(mended * 2 >= tried, "\(slip): \(mended) of \(tried)")
    }

    /// The policy after the first choice of each fix, one after the other.
    private static func mended(_ text: String) -> (Policy, String)? {
        var source = SourceFile(name: "slip.yaml", text: text)
        for _ in 0..<12 {
            let (policy, diagnostics) = read(source)
            if let policy { return (policy, String(decoding: source.bytes, as: UTF8.self)) }
            let choices = diagnostics.lazy.filter { $0.severity == .error }.compactMap {
                $0.fix?.choices.first
            }
            guard let edits = choices.first, let edited = source.applying(edits) else { return nil }
            source = edited
        }
        return nil
    }

    /// An edit, or words: a fix, a note, what stands at the place, or what is expected there.
    private static func saysWhatToDo(_ error: Diagnostic) -> Bool {
        error.fix != nil || !error.notes.isEmpty || error.primary?.message.isEmpty == false
            || error.message.contains("expected") || error.message.contains("are a list")
    }

    private static func read(_ text: String) -> (Policy?, [Diagnostic]) {
        read(SourceFile(name: "slip.yaml", text: text))
    }

    private static func read(_ source: SourceFile) -> (Policy?, [Diagnostic]) {
        let now = CalendarTime(seconds: 1_795_600_000)
        return PolicyReader.read(
            source: source,
            environment: PolicyEnvironment(folder: "/nonexistent", now: now)
        )
    }

    private static func approaches(_ seed: UInt64) -> [Approach] {
        var generator = SplitMix64(state: seed)
        func one<Value>(_ values: [Value]) -> Value {
            values[Int.random(in: values.indices, using: &generator)]
        }
        return (0..<200).compactMap { _ in
            let direction = one(Direction.allCases)
            let isIPv4 = one([true, false])
            let hosts =
                (isIPv4
                ? ["203.0.113.9", "203.0.113.41", "198.51.100.77", "192.0.2.1", "192.0.2.200", "10.0.0.9"]
                : ["2001:db8:1::7", "2001:db8:2::1", "2001:db8:9::1", "fe80::5"]).compactMap(IPAddress.init)
            let transport = one([IPProtocol.tcp, .tcp, .udp, isIPv4 ? .icmp : .icmpv6, .esp])
            let member: UInt16 =
                transport.hasPorts
                ? one([22, 23, 25, 53, 80, 443, 3306, 8443, 25565, 60001, 9])
                : transport.hasTypes ? one(isIPv4 ? [0x0800, 0x0304, 0x0D00] : [0x8000, 0x8700]) : 0
            let interfaces = ["eth0", "eth1", "wg3", "docker0", "br-a"]
            return Approach(
                direction: direction,
                transportProtocol: transport,
                member: member,
                source: one(hosts),
                destination: one(hosts),
                inputInterface: direction == .outbound ? nil : one(interfaces),
                outputInterface: direction == .inbound ? nil : one(interfaces),
                user: direction == .outbound ? one([0, 1000, 2005]) : nil,
                time: now
            )
        }
    }

    private static let now = CalendarTime(seconds: 1_795_600_000)
}
