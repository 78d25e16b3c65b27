import Diagnostics
import Netfilter
import PacketModel

/// `log:`
enum LogSection {
    static let form = Form<LogSettings>(schema: Draft.keys.schema) { node, reading in
        var draft = Draft()
        guard Draft.keys.read(node, into: &draft, &reading) else { return nil }
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
                Key("level", "The level of messages in the kernel's log.", .choice(), \.level),
                Key("group", "An NFLOG group instead of the kernel's log.", .logGroup, \.group),
                Key("prefix", "What each message begins with.", .logPrefix, \.prefix),
            ],
            schemaRules: [.init("not", ["required": ["level", "group"]])]
        )
    }
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
            reading.report("policy.log.prefix", message, at: node.range)
            return nil
        }
    }
}
