import Diagnostics
import Netfilter
import PacketModel

/// `hashlimit`: a named table of buckets (iptables-extensions(8)).
///
/// The kernel finds the table by its name and keeps its first parameters, so a name must change with them.
/// When the table is full the kernel drops the packet (xt_hashlimit.c, "hotdrop").
enum HashlimitMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "hashlimit",
            .match,
            options: [
                OptionSyntax(
                    "hashlimit-upto",
                    aliases: ["hashlimit"],
                    rate.value,
                    invertible: true,
                    excludes: ["hashlimit-above"]
                ),
                OptionSyntax("hashlimit-above", rate.value, invertible: true, excludes: ["hashlimit-upto"]),
                OptionSyntax("hashlimit-burst", burst),
                OptionSyntax("hashlimit-mode", mode),
                OptionSyntax("hashlimit-name", tableName, mandatory: true),
                OptionSyntax("hashlimit-htable-size", .number(0...highest)),
                OptionSyntax("hashlimit-htable-max", .number(0...highest)),
                OptionSyntax("hashlimit-htable-gcinterval", .number(0...highest)),
                OptionSyntax("hashlimit-htable-expire", .number(0...highest)),
                OptionSyntax("hashlimit-srcmask", .prefixLength()),
                OptionSyntax("hashlimit-dstmask", .prefixLength()),
                OptionSyntax("hashlimit-rate-match", .flag),
                OptionSyntax("hashlimit-rate-interval", interval),
            ],
            oneOf: ["hashlimit-upto", "hashlimit-above"],
            complete: { instance, context throws(Refusal) in try complete(&instance, context) },
            examples: [
                "-m hashlimit --hashlimit-upto 5/min --hashlimit-name buckets",
                "-m hashlimit --hashlimit-above 10/sec --hashlimit-mode srcip --hashlimit-name buckets",
                "-m hashlimit --hashlimit-above 512kb/s --hashlimit-burst 1mb --hashlimit-name buckets",
            ]
        )
    ]

    private static let highest = UInt64(UInt32.max)

    /// The kernel counts in millionths of a second (XT_HASHLIMIT_SCALE_v2).
    private static let rate = RateText(scale: fastestPerSecond, mayBeBytes: true)

    private static func complete(
        _ instance: inout ExtensionInstance,
        _ context: ReadingContext
    ) throws(Refusal) {
        let (upto, above) = ("hashlimit-upto", "hashlimit-above")
        if instance.isNegated(upto) {
            instance.rename(upto, to: above)
        } else if instance.isNegated(above) {
            instance.rename(above, to: upto)
        }
        for place in instance.given.indices { instance.given[place].isNegated = false }
        for name in ["hashlimit-srcmask", "hashlimit-dstmask"] {
            instance.remove(name, ifEqual: .number(UInt64(context.family.addressWidth)))
        }
        for name in ["hashlimit-htable-gcinterval", "hashlimit-htable-expire"]
        where instance[name] == .number(0) {
            throw Refusal("value.number", "--\(name) is at least 1")
        }
        for name in ["hashlimit-htable-size", "hashlimit-htable-max"] {
            if let size = instance[name]?.number { instance.set(name, .number(min(size, 1 << 20))) }
        }
        for name in ["hashlimit-mode", "hashlimit-htable-size", "hashlimit-htable-max"] {
            instance.remove(name, ifEqual: .number(0))
        }
        instance.remove("hashlimit-htable-gcinterval", ifEqual: .number(1_000))
        let name = instance.has(upto) ? upto : above
        guard let asked = instance[name] else { return }
        if let cost = ByteRateText.cost(of: asked) {
            try completeBytes(&instance, cost: cost)
        } else {
            try completePackets(&instance, name, asked)
        }
        if !instance.has("hashlimit-rate-match") { instance.remove("hashlimit-rate-interval") }
        instance.remove("hashlimit-rate-interval", ifEqual: .number(1))
    }

    private static func completeBytes(_ instance: inout ExtensionInstance, cost: UInt64) throws(Refusal) {
        // user2credits_byte of the kernel makes nothing of less.
        guard cost > 1 || instance.has("hashlimit-rate-match") else {
            throw Refusal("value.rate", "the kernel cannot count so many bytes a second")
        }
        var lifetime = ByteRateText.lifetime
        var expire = lifetime
        if let bytes = instance["hashlimit-burst"]?.number {
            expire = ByteRateText.lifetimeWithBurst
            instance.remove("hashlimit-burst")
            let burst = try ByteRateText.burst(bytes, cost: cost)
            if burst > 0 {
                lifetime = ByteRateText.lifetimeWithBurst
                instance.set("hashlimit-burst", .keyword(ByteRateText.burstText(burst, cost: cost)))
            }
        }
        completeExpire(&instance, expire, unlessShown: lifetime)
    }

    private static func completePackets(
        _ instance: inout ExtensionInstance,
        _ name: String,
        _ asked: OptionValue
    ) throws(Refusal) {
        guard var period = asked.items.first?.number, let unit = asked.items.last?.number else { return }
        let burst = instance["hashlimit-burst"]?.number ?? 5
        guard burst <= UInt64(largestBurst) else {
            throw Refusal("value.burst", "a burst of packets is at most \(largestBurst)")
        }
        instance.set("hashlimit-burst", .number(burst))
        if instance.has("hashlimit-rate-match") {
            // The rate is that of a second then, and its unit the time over which it is measured.
            period /= unit
            guard 1...highest ~= period else {
                throw Refusal("value.rate", "the kernel cannot measure this rate")
            }
            instance.set(name, RateText.period(period, unit: unit))
            if !instance.has("hashlimit-rate-interval") {
                instance.set("hashlimit-rate-interval", .number(unit))
            }
        } else {
            guard credits(period &* burst) >= credits(period) else {
                throw Refusal(
                    "value.burst",
                    "the kernel cannot count so far: a burst of \(burst) takes more than a day to fill",
                    fix: "write a lower burst or a faster rate"
                )
            }
        }
        completeExpire(&instance, unit * 1_000, unlessShown: rate.shownUnit(period).seconds * 1_000)
    }

    /// Idle entries live as long as the unit that the rate was given in, and that is not said when it is the unit
    /// that the rate is printed in.
    private static func completeExpire(
        _ instance: inout ExtensionInstance,
        _ usual: UInt64,
        unlessShown shown: UInt64
    ) {
        let name = "hashlimit-htable-expire"
        if !instance.has(name) { instance.set(name, .number(usual)) }
        instance.remove(name, ifEqual: .number(shown))
    }

    /// How the kernel counts, with what it loses above 64 bits (net/netfilter/xt_hashlimit.c, user2credits, for
    /// clocks of 250 and 1000 ticks a second).
    private static func credits(_ period: UInt64) -> UInt64 {
        period &* ((250 << 39) / fastestPerSecond)
    }

    private static let sides = ["srcip", "srcport", "dstip", "dstport"]

    private static let mode = ValueSyntax(
        samples: sides + [
            "dstport,srcip", "srcip,srcip", "\"srcip|dstip\"", "SRCIP", "src", "srcip,", ",,srcip", "foo", "",
        ],
        read: { words, _ throws(Refusal) in
            var bits: UInt64 = 0
            for part in words[0].text.split(whereSeparator: { $0 == "," || $0 == "|" }) {
                guard let place = sides.firstIndex(of: String(part)) else {
                    throw Refusal("value.unknown", "\(part) is none of \(sides.joined(separator: ", "))")
                }
                bits |= 1 << UInt64(place)
            }
            return .number(bits)
        },
        write: { value in
            Array(sides.chosen(by: value.number).joined(separator: ",").utf8)
        }
    )

    /// Packets, or bytes with `k` or `m` for 1,024 of them or of those; what else follows is not looked at.
    private static let burst = ValueSyntax(
        samples: [
            "5", "1", "1000000", "1000001", "0", "6k", "976k", "977k", "1m", "6x", "10000b", "1mb", "5kb",
            "4096m",
            "4097m", "10M", "-1", "x", "",
        ],
        read: { words, _ throws(Refusal) in
            guard let (value, rest) = NumberText.prefix(words[0].bytes[...]), value > 0,
                !rest.isEmpty || value <= largestBurst
            else {
                throw Refusal("value.number", "\(words[0].text) is not a number from 1 to \(largestBurst)")
            }
            return .number(value &* ByteRateText.factor(rest.first))
        },
        write: { value in value.bytes.isEmpty ? Array("\(value.number)".utf8) : value.bytes }
    )

    /// Seconds as atoi(3) reads them: what follows the number is not looked at.
    private static let interval = ValueSyntax(
        samples: ["1", "30", "0", "-1", "5x", "\" 5\"", "2147483647", "2147483648", "4294967297", "x", ""],
        read: { words, _ throws(Refusal) in
            let seconds = Int32(truncatingIfNeeded: NumberText.signed(words[0].bytes[...]))
            guard seconds > 0 else {
                throw Refusal("value.number", "\(words[0].text) is not a number of seconds")
            }
            return .number(UInt64(seconds))
        },
        write: { Array("\($0.number)".utf8) }
    )

    /// The name of a file in /proc; longer ones lose their end.
    private static let tableName = ValueSyntax(
        samples: [
            "buckets", "\"buckets b\"", "a/b", "\"\"", String(repeating: "x", count: 254),
            String(repeating: "x", count: 300),
        ],
        read: { words, _ throws(Refusal) in
            let bytes = words[0].bytes
            guard !bytes.isEmpty, !bytes.contains(Ascii.slash) else {
                throw Refusal("value.name", "the name of a table is the name of a file: not empty, without /")
            }
            return .text(Array(bytes.prefix(254)))
        },
        write: { $0.bytes }
    )

    /// What the tool takes (measured on 1.8.9): more is "too fast" or "out of range".
    static let fastestPerSecond: UInt64 = 1_000_000
    static let largestBurst: UInt32 = 1_000_000
    /// In seconds: the kernel counts credits for a day (xt_hashlimit.c, MAX_CPJ); what overflows is another burst.
    static let longestRefill = 86_400
    static let entries = 65_536
    /// A shorter life than the refill time would give an idle source its burst anew.
    private static let shortestExpiry = 10_000

    static func alternatives(of test: Test, in context: RuleContext) throws(Inexpressible) -> [[MatchText]]? {
        guard case .stateful(.withinRate(let bucket)) = test.condition, let name = bucket.name
        else { return nil }
        let expiry = max(bucket.refillSeconds * 1_000, shortestExpiry)
        guard UInt64(bucket.rate.count) <= fastestPerSecond * UInt64(bucket.rate.unit.seconds),
            1...largestBurst ~= bucket.burst, bucket.refillSeconds <= longestRefill
        else { throw Inexpressible("a limit of \(bucket.rate) burst \(bucket.burst)") }
        func text(_ option: String, _ argument: String) -> MatchText {
            MatchText("hashlimit", "--hashlimit-" + option, argument)
        }
        var texts = [
            text(test.isNegated ? "above" : "upto", "\(bucket.rate)"), text("burst", "\(bucket.burst)"),
        ]
        switch bucket.key {
        case .shared: break
        case .source(let length):
            texts.append(text("mode", "srcip"))
            if context.family == .ipv6 { texts.append(text("srcmask", "\(length)")) }
        case .destination(let length):
            texts.append(text("mode", "dstip"))
            if context.family == .ipv6 { texts.append(text("dstmask", "\(length)")) }
        }
        texts += [text("name", name), text("htable-max", "\(entries)"), text("htable-expire", "\(expiry)")]
        return [texts]
    }

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        let isWithin = instance.has("hashlimit-upto")
        guard let value = instance[isWithin ? "hashlimit-upto" : "hashlimit-above"],
            let rate = rate.rate(value), let name = instance["hashlimit-name"]?.bytes
        else { return nil }
        func mask(_ option: String) -> UInt128 {
            let width = family.addressWidth
            let hostBits = width - Int(instance[option]?.number ?? UInt64(width))
            return hostBits == 0 ? .max : .max << UInt128(hostBits)
        }
        let chosen = instance["hashlimit-mode"]?.number ?? 0
        let fields = [
            MaskedField(.source, mask: mask("hashlimit-srcmask")), MaskedField(.sourcePort),
            MaskedField(.destination, mask: mask("hashlimit-dstmask")), MaskedField(.destinationPort),
        ]
        let bucket = TokenBucket(
            rate: rate,
            burst: UInt32(truncatingIfNeeded: instance["hashlimit-burst"]?.number ?? 5),
            name: String(decoding: name, as: UTF8.self)
        )
        return [Condition.stateful(.withinRateOfEach(fields.chosen(by: chosen), bucket)).negated(!isWithin)]
    }
}
