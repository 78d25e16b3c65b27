import Diagnostics
import Netfilter
import PacketModel

/// `log:`
enum LogSection {
    static let form = Form<LogSettings>(schema: Draft.keys.schema) { node, reading in
        var draft = Draft()
        guard Draft.keys.read(node, into: &draft, &reading, hint: reading.logFix(node)) else { return nil }
        if let level = node.entry("level"), let group = node.entry("group") {
            reading.report(
                "policy.key.conflict",
                "messages to a group have no level",
                at: level.keyRange,
                also: [(group.keyRange, "the group")],
                fix: "leave one of them out"
            )
            return nil
        }
        var settings = LogSettings(dropped: draft.dropped?.rate)
        if let level = draft.level { settings.destination = .kernelLog(level) }
        if let group = draft.group { settings.destination = .group(UInt16(clamping: group)) }
        if let prefix = draft.prefix { settings.prefix = prefix }
        return settings
    }

    struct Draft {
        var dropped: LogRate?
        var level: Log.Level?
        var group: Int?
        var prefix: String?

        static let keys = KeyTable<Draft>(
            "the log section",
            [
                Key(
                    "dropped",
                    "How often dropped packets are logged: a rate, or false.",
                    .droppedRate,
                    \.dropped
                ),
                Key("level", "The level of messages in the kernel's log.", .level, \.level),
                Key("group", "An NFLOG group instead of the kernel's log.", .logGroup, \.group),
                Key("prefix", "What each message begins with.", .logPrefix, \.prefix),
            ],
            synonyms: KeySynonyms.log,
            schemaRules: [.init("not", ["required": ["level", "group"]])]
        )
    }
}

extension Form where Value == Log.Level {
    fileprivate static var level: Form {
        choice { word in LogSection.levels[word].map { .write($0.rawValue) } }
    }
}

extension LogSection {
    /// What others call the levels, in words and numbers (syslog(3)).
    fileprivate static let levels: [String: Log.Level] = [
        "warning": .warn, "error": .err, "emergency": .emerg, "panic": .emerg, "critical": .crit,
        "information": .info, "low": .info, "0": .emerg, "1": .alert, "2": .crit, "3": .err, "4": .warn,
        "5": .notice, "6": .info, "7": .debug,
    ]
}

extension Form where Value == LogRate {
    fileprivate static var droppedRate: Form { logRate(allowsTrue: false) }
}

extension Form where Value == Int {
    fileprivate static var logGroup: Form {
        integer(0...65_535, code: "policy.log.group", what: "group")
    }
}

extension Form where Value == String {
    fileprivate static var logPrefix: Form {
        let text = Form.text("a word")
        return Form(schema: ["type": "string", "pattern": "^[A-Za-z0-9_.-]{1,16}$"]) { node, reading in
            guard let prefix = text.read(node, &reading) else { return nil }
            let isPlain = prefix.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
                case UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                default: "_.-".utf8.contains(byte)
                }
            }
            if isPlain, (1...16).contains(prefix.utf8.count) { return prefix }
            let message = "a log prefix is 1 to 16 of A-Z a-z 0-9 _ . -"
            let kept = prefix.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0)) }
            let repair = TextRepair([[String(kept.prefix(16))]].filter { $0 != [""] })
            let fix = repair.map { reading.fix($0, of: node) }
            reading.report("policy.log.prefix", message, at: node.range, fix: fix)
            return nil
        }
    }
}
