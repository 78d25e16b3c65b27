import Diagnostics
import PacketModel

/// The keys of one `allow` or `deny` line, as they are read.
struct LineDraft {
    var allow: ServiceSet?
    var deny: ServiceSet?
    var from: AddressSet?
    var to: AddressSet?
    var inputInterfaces: [InterfacePattern]?
    var outputInterfaces: [InterfacePattern]?
    var users: IntervalSet<UInt32>?
    var except: LineException?
    var limit: Limit?
    var rejects: Bool?
    var log: LogRate?
    var until: CalendarTime?
    /// Names of DNS are among its addresses.
    var followsNames = false
    var comment: String?

    static func keys(for direction: Direction) -> KeyTable<LineDraft> {
        switch direction {
        case .inbound: inbound
        case .outbound: outbound
        case .forward: forward
        }
    }

    private static let inbound = KeyTable(
        "an inbound line",
        action + addresses(from: "Source addresses.", to: "Destination addresses: the host's own.") + [input]
            + rest,
        elsewhere: [
            "out": "what comes to the host leaves by no interface",
            "user": "only the senders of this host are known: `user` belongs in outbound",
        ],
        synonyms: KeySynonyms.line(interface: "in"),
        schemaRules: rules
    )

    private static let outbound = KeyTable(
        "an outbound line",
        action + addresses(from: "Source addresses: the host's own.", to: "Destination addresses.") + [
            output, user,
        ]
            + rest,
        elsewhere: ["in": "what the host sends came by no interface"],
        synonyms: KeySynonyms.line(interface: "out"),
        schemaRules: rules
    )

    private static let forward = KeyTable(
        "a forward line",
        action + addresses(from: "Source addresses.", to: "Destination addresses.") + [input, output] + rest,
        elsewhere: ["user": "only the senders of this host are known: `user` belongs in outbound"],
        synonyms: KeySynonyms.line(interface: "in"),
        schemaRules: rules
    )

    private static let action: [Key<LineDraft>] = [
        Key("allow", "Services that may start: one or a list.", .services, \.allow),
        Key("deny", "Services that may not; empty means all of them.", .servicesOrNothing, \.deny),
    ]

    private static func addresses(from: String, to: String) -> [Key<LineDraft>] {
        [Key("from", from, .addresses, \.from), Key("to", to, .addresses, \.to)]
    }

    private static let input =
        Key<LineDraft>("in", "Interfaces that it came by.", .interfaces, \.inputInterfaces)
    private static let output =
        Key<LineDraft>("out", "Interfaces that it leaves by.", .interfaces, \.outputInterfaces)
    private static let user =
        Key<LineDraft>("user", "Owners of the sending socket: names or numbers.", .users, \.users)

    private static let rest: [Key<LineDraft>] = [
        Key("except", "What the line leaves out.", LineException.form, \.except),
        Key("limit", "How often an allow admits: `50/minute burst 100 per source`.", .limit, \.limit),
        Key("reject", "A deny that answers instead of keeping silent.", .boolean, \.rejects),
        Key(
            "log",
            "Log what the line decides: true (5/minute) or a rate.",
            .logRate(allowsTrue: true),
            \.log
        ),
        Key(
            "until",
            "When the line ends by itself: `2026-12-01`, `2026-12-01 18:30`, in UTC.",
            .time,
            \.until
        ),
        Key("comment", "A text for people.", .remark, \.comment),
    ]

    private static let rules: [JSONValue.Member] = [
        .init("oneOf", [["required": ["allow"]], ["required": ["deny"]]]),
        .init("dependentRequired", ["limit": ["allow"], "reject": ["deny"]]),
    ]
}

/// What `except:` carves out of a line.
struct LineException {
    /// The short form: out of the addresses of the other side.
    var remote: AddressSet?
    var from: AddressSet?
    var to: AddressSet?
    var services: ServiceSet?

    static let keys = KeyTable<LineException>(
        "an exception",
        [
            Key("from", "Source addresses.", .addresses, \.from),
            Key("to", "Destination addresses.", .addresses, \.to),
            Key("services", "Services: one or a list.", .services, \.services),
        ],
        schemaRules: [.init("minProperties", 1)]
    )

    static let form: Form<LineException> = {
        let addresses = Form.addresses
        return Form(schema: ["anyOf": [addresses.schema, keys.schema]]) { node, reading in
            var exception = LineException()
            guard case .mapping(let entries) = node.content else {
                exception.remote = addresses.read(node, &reading)
                return exception.remote == nil ? nil : exception
            }
            if entries.isEmpty {
                reading.reportEmpty("this exception is empty", node)
                return nil
            }
            return keys.read(node, into: &exception, &reading) ? exception : nil
        }
    }()
}
