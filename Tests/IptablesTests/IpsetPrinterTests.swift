import Iptables
import Netfilter
import PacketModel
import Testing

@Suite struct IpsetPrinterTests {
    static func set(
        _ fields: [Field],
        family: IPFamily = .ipv4,
        hasCounters: Bool = false,
        comment: String? = nil,
        keys: [[Interval<UInt128>?]]
    ) -> NamedSet {
        var set = NamedSet("ww-test", family: family, fields: fields, hasCounters: hasCounters)
        for key in keys { set.append(key.compactMap(\.self), NamedSet.Attributes(comment: comment)) }
        return set
    }

    static let examples: [(NamedSet, String)] = [
        (
            set([.source], keys: [[Interval(167_772_161)]]),
            "create ww-test hash:ip family inet hashsize 64 maxelem 1\nadd ww-test 10.0.0.1\n"
        ),
        (
            set(
                [.source],
                hasCounters: true,
                comment: #"policy.yaml:7 "x""#,
                keys: [[Interval(167_772_161, 167_772_163)]]
            ),
            "create ww-test hash:net family inet hashsize 64 maxelem 2 counters comment\n"
                + "add ww-test 10.0.0.1 comment \"policy.yaml:7 'x'\"\n"
                + "add ww-test 10.0.0.2/31 comment \"policy.yaml:7 'x'\"\n"
        ),
        (
            set([.destination], family: .ipv6, keys: [[.full]]),
            "create ww-test hash:net family inet6 hashsize 64 maxelem 2\nadd ww-test ::/1\nadd ww-test 8000::/1\n"
        ),
        (
            set(
                [.source, .transportProtocol, .destinationPort],
                keys: [
                    [Interval(167_772_161), Interval(6), Interval(80, 81)],
                    [Interval(167_772_162), Interval(17), Interval(53)],
                ]
            ),
            "create ww-test hash:ip,port family inet hashsize 64 maxelem 3\n"
                + "add ww-test 10.0.0.1,tcp:80\nadd ww-test 10.0.0.1,tcp:81\nadd ww-test 10.0.0.2,udp:53\n"
        ),
        (
            set(
                [.source, .transportProtocol, .destinationPort, .destination],
                keys: [
                    [Interval(167_772_160, 184_549_375), Interval(136), Interval(5), Interval(167_772_161)]
                ]
            ),
            "create ww-test hash:net,port,net family inet hashsize 64 maxelem 1\n"
                + "add ww-test 10.0.0.0/8,udplite:5,10.0.0.1\n"
        ),
        (
            set([.source, .destination], keys: [[Interval(167_772_161), Interval(167_772_162)]]),
            "create ww-test hash:net,net family inet hashsize 64 maxelem 1\nadd ww-test 10.0.0.1,10.0.0.2\n"
        ),
        (
            set(
                [.source, .transportProtocol, .icmpTypeAndCode],
                keys: [[Interval(167_772_161), Interval(1), Interval(0x0800)]]
            ),
            "create ww-test hash:ip,port family inet hashsize 64 maxelem 1\nadd ww-test 10.0.0.1,icmp:8/0\n"
        ),
    ]

    @Test("a set is written with its type and size", arguments: examples)
    func written(set: NamedSet, text: String) throws {
        #expect(try IpsetPrinter.restoreFile(Ruleset(tables: [], sets: [set])) == text)
    }

    /// Not every kernel has the types of two addresses.
    static let loadable = examples.filter {
        $0.0.fields.filter { [.source, .destination].contains($0) }.count == 1
    }

    @Test(
        "the kernel takes the sets, and takes them again",
        .enabled(if: Sandbox.isAvailable, Sandbox.unavailable),
        arguments: loadable
    )
    func loaded(set: NamedSet, text: String) throws {
        let script = """
            ipset restore -exist < $DIR/sets
            ipset restore -exist < $DIR/sets
            ipset list ww-test | grep -c '^[0-9a-f:].*[.:]'
            """
        let result = try Sandbox.run(script, files: ["sets": text])
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("\(text.split(separator: "\n").count - 1)"))
    }

    @Test(
        "what ipset has no type for is refused",
        arguments: [
            set([.user], keys: [[Interval(1)]]), set([.destinationPort], keys: [[Interval(1)]]),
            set([.transportProtocol, .destinationPort], keys: [[Interval(6), Interval(1)]]),
            set(
                [.source, .transportProtocol, .destinationPort],
                keys: [[Interval(1), Interval(33), Interval(1)]]
            ),
            NamedSet("a-name-of-thirty-two-bytes-is-too", family: .ipv4, fields: [.source]),
            NamedSet(
                "dynamic",
                family: .ipv4,
                fields: [.source],
                dynamic: NamedSet.Dynamic(timeoutSeconds: 1, size: 1)
            ),
        ]
    )
    func refused(set: NamedSet) {
        #expect(throws: Inexpressible.self) { try IpsetPrinter.restoreFile(Ruleset(tables: [], sets: [set])) }
    }
}
