import Netfilter
import PacketModel

/// A packet as the rules of a test see it.
struct SamplePacket {
    var transportProtocol = IPProtocol.tcp
    var source: UInt128
    var destination: UInt128
    var port: UInt16
    var originalPort: UInt16
    var originalDestination: UInt128
    var input: String?
    var output: String?
    var state = ConnectionState.new
    var isReply = false
    var isTranslated = false
    var user: UInt32 = 0
    var time = CalendarTime(seconds: 0)

    func value(_ field: Field) -> UInt128? {
        switch field {
        case .transportProtocol: UInt128(transportProtocol.number)
        case .source: source
        case .destination: destination
        case .sourcePort: 40_000
        case .destinationPort, .icmpTypeAndCode: UInt128(port)
        case .originalDestinationPort: UInt128(originalPort)
        case .originalDestination: originalDestination
        case .connectionState: UInt128(state.rawValue)
        case .connectionStatus: isTranslated ? UInt128(ConnectionStatus.destinationNAT.rawValue) : 0
        case .connectionDirection: isReply ? 1 : 0
        case .user: UInt128(user)
        case .tcpFlags: UInt128(TCPFlags.syn.rawValue)
        case .hopLimit: 64
        case .time: UInt128(time.seconds)
        default: nil
        }
    }
}

/// Follows a packet through the chains of a table, as iptables does.
struct Walk {
    enum Fate: Equatable {
        case admitted
        case refused
    }

    let table: Table
    let sets: [String: NamedSet]
    /// The buckets, by name, that have a token left.
    var filled: Set<String>
    private(set) var charged: [String] = []

    init(_ ruleset: Ruleset, filled: Set<String>) {
        table = ruleset.tables[0]
        sets = Dictionary(uniqueKeysWithValues: ruleset.sets.map { ($0.name, $0) })
        self.filled = filled
    }

    mutating func fate(of packet: SamplePacket, in builtIn: String) -> Fate {
        run(builtIn, packet) ?? .admitted
    }

    /// Nil when the packet comes back.
    private mutating func run(_ name: String, _ packet: SamplePacket) -> Fate? {
        guard let chain = table.chains.first(where: { $0.name == name }) else { return nil }
        for rule in chain.rules where holds(rule, packet) {
            switch rule.verdict {
            case nil: continue
            case .drop, .reject: return .refused
            case .return: return nil
            case .goto(let next): return run(next, packet)
            case .jump(let next):
                if let fate = run(next, packet) { return fate }
            case .accept: return .admitted
            default: return nil
            }
        }
        return nil
    }

    private mutating func holds(_ rule: Rule, _ packet: SamplePacket) -> Bool {
        for condition in rule.conditions where !holds(condition, packet) { return false }
        return true
    }

    private mutating func holds(_ condition: Condition, _ packet: SamplePacket) -> Bool {
        switch condition {
        case .field(let field, let values):
            return packet.value(field).map(values.contains) ?? false
        case .bits(let field, let mask, let value):
            return packet.value(field).map { $0 & mask == value } ?? false
        case .interface(let field, let patterns):
            let name = field == .inputInterface ? packet.input : packet.output
            return patterns.contains { $0.matches(name ?? "") }
        case .member(let fields, let name):
            guard let set = sets[name] else { return false }
            return (0..<set.count).contains { index in
                zip(fields, set.key(index)).allSatisfy { packet.value($0).map($1.contains) ?? false }
            }
        case .stateful(.withinRate(let bucket)):
            guard let name = bucket.name else { return true }
            charged.append(name)
            return filled.contains(name)
        case .not(let inner):
            return !holds(inner, packet)
        case .stateful, .anyOf, .absent, .unknown: return false
        }
    }
}
