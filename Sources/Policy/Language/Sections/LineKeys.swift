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
        elsewhere: Self.foreign.merging([
            "out": "what comes to the host leaves by no interface",
            "user": "only the senders of this host are known: `user` belongs in outbound",
        ]) { $1 },
        needless: needless,
        synonyms: KeySynonyms.line(interface: "in"),
        schemaRules: rules
    )

    private static let outbound = KeyTable(
        "an outbound line",
        action + addresses(from: "Source addresses: the host's own.", to: "Destination addresses.") + [
            output, user,
        ]
            + rest,
        elsewhere: Self.foreign.merging(["in": "what the host sends came by no interface"]) { $1 },
        needless: needless,
        synonyms: KeySynonyms.line(interface: "out"),
        schemaRules: rules
    )

    private static let forward = KeyTable(
        "a forward line",
        action + addresses(from: "Source addresses.", to: "Destination addresses.") + [input, output] + rest,
        elsewhere: Self.foreign.merging([
            "user": "only the senders of this host are known: `user` belongs in outbound"
        ]) { $1 },
        needless: needless,
        synonyms: KeySynonyms.line(interface: "in"),
        schemaRules: rules
    )

    /// What lines of other firewalls have.
    private static let foreign = [
        "family":
            "a line holds for both families: `from: 0.0.0.0/0` is IPv4 alone, and `from: \"::/0\"` IPv6",
        "zone": "name the interfaces with `in:`; names for several stand under `interfaces:`",
        "mac": "name addresses with `from:`; an address of Ethernet is what its sender likes",
        "time": "a line holds at every hour; `until:` ends it once",
        "schedule": "a line holds at every hour; `until:` ends it once",
        "sport":
            "remove it: the port that a packet comes from is what its sender likes, and replies always pass",
        "source-port":
            "remove it: the port that a packet comes from is what its sender likes, and replies always pass",
        "group": "name the users of the group with `user:`",
        "state": "remove it: replies always pass, and a line is for what begins",
        "mark": "lines are for addresses, interfaces and services",
        "priority": "lines have no order: what an allow admits and no deny names passes",
        "order": "lines have no order: what an allow admits and no deny names passes",
        "position": "lines have no order: what an allow admits and no deny names passes",
        "id": "a line has no number; `comment:` says what it is for",
        "enabled": "a line that stands here holds; `#` before it turns it off",
        "active": "a line that stands here holds; `#` before it turns it off",
        "ipv6": "a line holds for both families",
        "ipv4": "a line holds for both families",
        "chain": "the section says it: `inbound:`, `outbound:` or `forward:`",
        "direction": "the section says it: `inbound:`, `outbound:` or `forward:`",
        "table": "the section says it: `inbound:`, `outbound:`, `forward:` or `nat:`",
    ]

    /// Without these the line is what it was meant to be, where they say yes.
    private static let needless: Set<String> = [
        "priority", "order", "position", "id", "enabled", "active", "ipv6",
    ]

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
            if reading.reportExceptedServices(node) { return nil }
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
