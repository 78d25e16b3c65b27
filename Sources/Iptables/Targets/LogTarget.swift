import Diagnostics
import Netfilter
import PacketModel

/// `LOG`, to the kernel's log, and `NFLOG`, to a listener (iptables-extensions(8)).
enum LogTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "LOG",
            .target,
            options: [
                OptionSyntax("log-prefix", .text(atLeast: 1, kept: Log.longestPrefix, isOneLine: true)),
                OptionSyntax("log-level", level),
                OptionSyntax("log-tcp-sequence", .flag),
                OptionSyntax("log-tcp-options", .flag),
                OptionSyntax("log-ip-options", .flag),
                OptionSyntax("log-uid", .flag),
                OptionSyntax("log-macdecode", .flag),
            ],
            complete: { instance, _ throws(Refusal) in
                instance.remove("log-level", ifEqual: .number(4))
            },
            examples: ["-j LOG", "-j LOG --log-prefix \"dropped: \" --log-level 6"]
        ),
        ExtensionSyntax(
            "NFLOG",
            .target,
            options: [
                OptionSyntax("nflog-prefix", .text(atLeast: 1, kept: 127)),
                OptionSyntax("nflog-group", .number(0...65_535)),
                OptionSyntax("nflog-size", .number(0...UInt64(UInt32.max)), excludes: ["nflog-range"]),
                OptionSyntax(
                    "nflog-range",
                    .number(0...UInt64(UInt32.max)),
                    excludes: ["nflog-size"],
                    warning: { _ in "--nflog-range never did anything: write --nflog-size" }
                ),
                OptionSyntax("nflog-threshold", .number(0...65_535)),
            ],
            complete: { instance, _ throws(Refusal) in
                instance.remove("nflog-group", ifEqual: .number(0))
                instance.remove("nflog-threshold", ifEqual: .number(0))
                // It never did anything (iptables-extensions(8)).
                instance.remove("nflog-range")
            },
            examples: ["-j NFLOG", "-j NFLOG --nflog-group 5 --nflog-prefix \"dropped: \""]
        ),
    ]

    /// A number, or a name of syslog(3); printed as its number.
    private static let level = ValueSyntax(
        samples: levels.map(\.name) + ["0", "4", "7", "8", "DEBUG", "warn", "w", "err", "-1", ""],
        read: { words, _ throws(Refusal) in
            if let number = NumberText.whole(words[0].bytes[...], in: 0...7) { return .number(number) }
            guard let found = levels.first(where: { $0.name == words[0].text }) else {
                throw Refusal(
                    "value.level",
                    "\(words[0].text) is not a level of a log",
                    fix: NearestSpelling.fix(for: words[0].text, among: levels.map(\.name))
                )
            }
            return .number(found.value)
        },
        write: { Array("\($0.number)".utf8) }
    )

    private static let levels: [(name: String, value: UInt64)] = [
        ("alert", 1), ("crit", 2), ("debug", 7), ("emerg", 0), ("error", 3), ("info", 6), ("notice", 5),
        ("panic", 0),
        ("warning", 4),
    ]

    static func words(_ log: Log) throws(Inexpressible) -> [String] {
        guard log.prefix.utf8.count <= Log.longestPrefix else {
            throw Inexpressible("the prefix '\(log.prefix)' is longer than \(Log.longestPrefix) bytes")
        }
        let prefix = QuotedText.restore(log.prefix)
        return switch log.destination {
        case .kernelLog(let level): ["-j", "LOG", "--log-prefix", prefix, "--log-level", number(level)]
        case .group(let group): ["-j", "NFLOG", "--nflog-group", "\(group)", "--nflog-prefix", prefix]
        }
    }

    /// The numbers of syslog(3); old tools do not know every name.
    private static func number(_ level: Log.Level) -> String {
        switch level {
        case .emerg: "0"
        case .alert: "1"
        case .crit: "2"
        case .err: "3"
        case .warn: "4"
        case .notice: "5"
        case .info: "6"
        case .debug: "7"
        }
    }

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        .aside
    }
}
