import PacketModel

/// `recent`: a list of addresses with the times at which they were seen (iptables-extensions(8)).
enum RecentMatch: MatchExtension {
    private static let verbs = ["set", "rcheck", "update", "remove"]

    static let syntaxes = [
        ExtensionSyntax(
            "recent",
            .match,
            options: verbs.map { verb in
                OptionSyntax(verb, .flag, invertible: true, excludes: verbs.filter { $0 != verb })
            } + [
                OptionSyntax("seconds", seconds),
                OptionSyntax("reap", .flag, requires: ["seconds"]),
                OptionSyntax("hitcount", .number(0...UInt64(UInt32.max))),
                OptionSyntax("rttl", .flag, excludes: ["set", "remove"]),
                OptionSyntax("name", name),
                OptionSyntax("mask", mask),
                OptionSyntax("rsource", .flag),
                OptionSyntax("rdest", .flag),
            ],
            oneOf: ["rcheck", "update", "set", "remove"],
            complete: { instance, context throws(Refusal) in
                try checkKernel(instance)
                instance.remove("hitcount", ifEqual: .number(0))
                if !instance.has("name") { instance.set("name", .keyword("DEFAULT")) }
                if !instance.has("mask") {
                    let everyBit = IPAddress(family: context.family, value: context.family.lastAddress)
                    instance.set("mask", .addressRange(everyBit, everyBit))
                }
                let side = instance.given.last { [places.source, places.destination].contains($0.option) }
                instance.remove("rsource", "rdest")
                instance.set(side?.option == places.destination ? "rdest" : "rsource", .none)
            },
            examples: ["-m recent --set", "-m recent --update --seconds 60 --hitcount 4 --name ssh"]
        )
    ]

    private static let places = (source: verbs.count + 6, destination: verbs.count + 7)
    /// net/netfilter/xt_recent.c, XT_RECENT_MAX_NSTAMPS less one.
    private static let mostHits: UInt64 = 65_535

    /// What the kernel refuses (recent_mt_check).
    private static func checkKernel(_ instance: ExtensionInstance) throws(Refusal) {
        let hits = instance["hitcount"]?.number ?? 0
        if instance.has("set") || instance.has("remove"),
            instance.has("seconds") || instance.has("reap") || hits > 0
        {
            throw Refusal("match.option.excluded", "seconds and hits count with --rcheck and --update only")
        }
        guard hits <= mostHits else {
            throw Refusal("value.number", "the kernel remembers at most \(mostHits) hits of an address")
        }
    }

    /// Printed as a signed number before 1.8.11.
    private static let seconds = ValueSyntax(
        samples: ValueSyntax.number(1...UInt64(UInt32.max)).samples,
        read: ValueSyntax.number(1...UInt64(UInt32.max)).read,
        write: { Array("\(Int32(truncatingIfNeeded: $0.number))".utf8) }
    ).printed(since: .v1_8_11) { Array("\($0.number)".utf8) }

    /// The name of a file in /proc; longer ones lose their end.
    private static let name = ValueSyntax(
        samples: [
            "ssh", "\"a b\"", "a/b", "\"\"", ".", "..", String(repeating: "x", count: 199),
            String(repeating: "x", count: 200), String(repeating: "x", count: 300),
        ],
        read: { words, _ throws(Refusal) in
            let bytes = words[0].bytes
            guard !bytes.isEmpty, !bytes.contains(Ascii.slash), bytes != [Ascii.dot],
                bytes != [Ascii.dot, Ascii.dot]
            else {
                throw Refusal("value.name", "the name of a list is the name of a file: not empty, without /")
            }
            return .text(Array(bytes.prefix(199)))
        },
        write: { $0.bytes }
    )

    private static let mask = ValueSyntax(
        samples: ["255.255.255.0", "24", "0.0.0.0", "255.0.255.0", "ffff::", "64", "::", "x", ""],
        read: ValueSyntax.address.read,
        write: ValueSyntax.address.write
    )

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        guard case .addressRange(let mask, _)? = instance["mask"], let name = instance["name"]?.bytes,
            let verb = [
                ("set", RecentList.Verb.set), ("rcheck", .check), ("update", .update), ("remove", .remove),
            ]
            .first(where: { instance.has($0.0) })
        else { return nil }
        let list = RecentList(
            name: String(decoding: name, as: UTF8.self),
            verb: verb.1,
            key: MaskedField(instance.has("rdest") ? .destination : .source, mask: mask.value),
            seconds: instance["seconds"].map { UInt32(truncatingIfNeeded: $0.number) },
            hits: UInt32(truncatingIfNeeded: instance["hitcount"]?.number ?? 0),
            reaps: instance.has("reap"),
            comparesHopLimit: instance.has("rttl")
        )
        return [Condition.stateful(.recentlySeen(list)).negated(instance.isNegated(verb.0))]
    }
}
