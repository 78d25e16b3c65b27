import Diagnostics
import Netfilter
import PacketModel

/// `NFQUEUE`: a program decides (iptables-extensions(8)).
enum NFQueueTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "NFQUEUE",
            .target,
            options: [
                OptionSyntax("queue-num", .number(0...65_535), excludes: ["queue-balance"]),
                OptionSyntax("queue-balance", balance, excludes: ["queue-num"]),
                OptionSyntax("queue-bypass", .flag),
                OptionSyntax("queue-cpu-fanout", .flag, requires: ["queue-balance"]),
            ],
            complete: { instance, _ throws(Refusal) in
                if !instance.has("queue-balance"), !instance.has("queue-num") {
                    instance.set("queue-num", .number(0))
                }
            },
            examples: ["-j NFQUEUE --queue-num 3", "-j NFQUEUE --queue-balance 0:3 --queue-bypass"]
        )
    ]

    /// `FIRST:LAST`, with the first below the last, which is below 65,535 since 1.8.11.
    private static let balance = ValueSyntax(
        samples: ["0:3", "3:0", "3:3", "5", "5:65535", "0:65535", "5:65536", ":3", "3:", "1:2:3", "x", ""],
        read: { words, context throws(Refusal) in
            let highest: UInt64 = context.release < .v1_8_11 ? 65_535 : 65_534
            let value = try ValueSyntax.looseRange(to: highest).read(words, context)
            // All queues are one more than the kernel can count.
            guard words[0].bytes.contains(Ascii.colon), case .range(let first, let last) = value,
                first < last,
                last - first < 65_535
            else {
                throw Refusal(
                    "value.range",
                    "\(words[0].text) is not a range of queues",
                    fix: "write it as 0:3"
                )
            }
            return value
        },
        write: ValueSyntax.looseRange(to: 65_535).write
    )

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        .verdict(.queue)
    }
}
