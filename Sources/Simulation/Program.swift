import Netfilter
import PacketModel

/// A ruleset of one family laid out flat: what a packet is asked lies in one array, in the order in which it is asked.
struct Program: Sendable {
    /// One question.
    struct Test: Sendable {
        enum Kind: UInt8 {
            /// From `lower` on, up to `width` more.
            case interval
            /// `lower` under the mask.
            case bits
            /// In the set of values at `place`.
            case set
            /// The name of the interface in one of `interfaces`.
            case interface
            case member
            case stateful
            /// One of the next tests, `count` of them.
            case anyOf
            case absent
            case unknown
            /// As ``set``, of a field that is not known when nobody says what the clock says.
            case clock
        }

        var kind: Kind
        var isNegated: Bool
        /// The raw value of the field.
        var slot: UInt8 = 0
        var place: Int32 = 0
        /// Of ``Kind/clock``: what is not known without a clock, by its number.
        var count: Int32 = 0
        /// What is asked when nobody knows the field any more, by its number; -1 where that cannot be.
        var open: Int32 = -1
        var lower: UInt128 = 0
        var width: UInt128 = 0

        var mask: UInt128 {
            get { width }
            set { width = newValue }
        }
    }

    struct Rule: Sendable {
        enum Action: UInt8 {
            case next, accept, drop, reject, queue, `return`
            /// To the chain at `operand`.
            case jump, goto
            /// By the verdict at `operand`.
            case lookup, choice, translate
            case unknown
        }

        var tests: Range<Int32>
        var statements: Range<Int32>
        var action: Action
        var operand: Int32 = 0
    }

    struct Chain: Sendable {
        var rules: Range<Int>
        /// A base chain that ends so.
        var dropsAtEnd: Bool
        /// In the ruleset.
        var table: Int
        var chain: Int
    }

    /// A chain that the kernel enters from a hook.
    struct Base: Sendable {
        var chain: Int
        var priority: Int
        var isNAT: Bool
    }

    /// What a verdict is to be done, and with what.
    struct Decision: Sendable {
        var action: Rule.Action
        var operand: Int
    }

    struct VerdictPlace: Hashable {
        var table: Int
        var verdict: Verdict
    }

    /// Of a rule in the ruleset.
    struct Location: Sendable {
        var table: Int
        var chain: Int
        var rule: Int
    }

    struct Membership: Sendable {
        var fields: [Field]
        var set: Int
    }

    /// A set of a table, or one outside of tables.
    struct SetName: Hashable {
        var table: Int?
        var name: String
    }

    let family: IPFamily
    var tests: [Test] = []
    var rules: [Rule] = []
    var statements: [Statement] = []
    var verdicts: [Verdict] = []
    var chains: [Chain] = []
    /// By the place of the hook's point, in the order of their priorities.
    var bases = [[Base]](repeating: [], count: Netfilter.Chain.Hook.Point.allCases.count)
    var valueSets: [IntervalSet<UInt128>] = []
    var interfaces: [[InterfacePattern]] = []
    var memberships: [Membership] = []
    var sets: [SetIndex] = []
    private var setsByName: [SetName: Int] = [:]
    var predicates: [StatefulPredicate] = []
    /// Of the addresses that each predicate counts by; nil for any.
    var predicateFamilies: [IPFamily?] = []
    var unknowns: [Unknown] = []
    /// Whether the packet was sent to an address of this host, by its number among ``unknowns``; nil if no rule asks.
    private(set) var ownAddress: Int?
    /// By which interface a packet leaves; nil if no rule asks.
    private(set) var way: Int?
    /// Whether an address that nobody knows is one of this host; nil if no rule writes such.
    private(set) var delivery: Int?
    /// Names of interfaces that stand for all that the rules tell apart; the first is one that no rule names.
    private(set) var leavingBy: [String] = ["?"]
    /// Destinations to which rules name one interface, and this.
    private(set) var routes = HostRoutes()
    var locations: [Location] = []
    /// Of the verdicts that stand in maps.
    var decisions: [VerdictPlace: Decision] = [:]
    /// The room of each list of `recent`, for the times of one address.
    var recentRoom: [String: Int] = [:]
    /// The chains of a table by its place and their names.
    private var places: [ChainName: Int] = [:]

    /// What may come to be unknown on the way.
    private var openable: Set<Field> = [.destinationType]
    /// The words that leave a field unknown.
    private var openers: [Field: [String]] = [:]
    /// The unknowns that open fields are, so that a question has one number wherever it stands.
    private var openTests: [Condition: Int32] = [:]

    /// Some rule looks at the clock.
    private(set) var asksClock = false
    /// Whether the rule that is laid out is for this time: one question, however often it asks.
    private var timeOfRule: Int32?

    private struct ChainName: Hashable {
        var table: Int
        var chain: String
    }

    init(_ ruleset: Ruleset, family: IPFamily) {
        self.family = family
        let wanted: [Table.Family] = family == .ipv4 ? [.ip, .inet] : [.ip6, .inet]
        let tables = ruleset.tables.enumerated().filter { wanted.contains($0.element.family) }
        for (table, set) in tables.flatMap({ table in table.element.sets.map { (table.offset as Int?, $0) } })
            + ruleset.sets.map({ (nil, $0) })
        {
            setsByName[SetName(table: table, name: set.name)] = sets.count
            sets.append(SetIndex(set))
        }
        let verdicts = tables.flatMap(\.element.chains).flatMap(\.rules).compactMap(\.verdict)
        for case .unknown(let action) in verdicts {
            for field in action.written {
                openable.insert(field)
                let known = openers[field, default: []]
                if !known.contains(action.words) { openers[field] = known + [action.words] }
            }
        }
        for (number, table) in tables {
            for (place, chain) in table.chains.enumerated() {
                places[ChainName(table: number, chain: chain.name)] = chains.count
                chains.append(
                    Chain(
                        rules: 0..<0,
                        dropsAtEnd: chain.hook?.policy == .drop,
                        table: number,
                        chain: place
                    )
                )
                guard let hook = chain.hook else { continue }
                bases[hook.point.place].append(
                    Base(chain: chains.count - 1, priority: hook.priority, isNAT: hook.kind == .nat)
                )
            }
        }
        for point in bases.indices { bases[point].sort { $0.priority < $1.priority } }
        routes = HostRoutes(tables.map(\.element))
        for (number, table) in tables {
            let elements = (table.sets + ruleset.sets).flatMap(\.attributes)
            for verdict in elements.compactMap(\.verdict) { decide(verdict, table: number) }
            for (index, chain) in table.chains.enumerated() {
                guard let place = places[ChainName(table: number, chain: chain.name)] else { continue }
                let first = rules.count
                for (rule, content) in chain.rules.enumerated() {
                    append(content, table: number)
                    locations.append(Location(table: number, chain: index, rule: rule))
                }
                chains[place].rules = first..<rules.count
            }
        }
        if leavingBy.count > 1 {
            way = Int(unknown("the interface that it leaves by"))
            unknowns[unknowns.count - 1].choices = leavingBy.count
        }
        if openable.contains(.destination) {
            delivery = Int(unknown("whether its new destination is an address of this host"))
        }
    }

    /// The set of the name that rules of the table see.
    func set(_ name: String, table: Int) -> Int? {
        setsByName[SetName(table: table, name: name)] ?? setsByName[SetName(table: nil, name: name)]
    }

    /// The next question after this one, which may have others in it.
    func place(after test: Int) -> Int {
        test + 1 + (tests[test].kind == .anyOf ? Int(tests[test].count) : 0)
    }

    private mutating func append(_ rule: Netfilter.Rule, table: Int) {
        timeOfRule = nil
        let firstTest = Int32(tests.count)
        for condition in rule.conditions { append(condition, negated: false, table: table) }
        let firstStatement = Int32(statements.count)
        statements += rule.statements.filter(\.isActive)
        let (action, operand) = compiled(rule.verdict, table: table)
        rules.append(
            Rule(
                tests: firstTest..<Int32(tests.count),
                statements: firstStatement..<Int32(statements.count),
                action: action,
                operand: operand
            )
        )
    }

    private mutating func compiled(_ verdict: Verdict?, table: Int) -> (Rule.Action, Int32) {
        func chain(_ name: String) -> Int32? { places[ChainName(table: table, chain: name)].map(Int32.init) }
        // What is not there can do anything.
        func missing(_ name: String) -> (Rule.Action, Int32) {
            compiled(.unknown(UnknownAction("the chain \(name)")), table: table)
        }
        switch verdict {
        case nil: return (.next, 0)
        case .accept: return (.accept, 0)
        case .drop: return (.drop, 0)
        case .reject: return (.reject, 0)
        case .queue: return (.queue, 0)
        case .return: return (.return, 0)
        case .jump(let name): return chain(name).map { (.jump, $0) } ?? missing(name)
        case .goto(let name): return chain(name).map { (.goto, $0) } ?? missing(name)
        case .lookup?: return (.lookup, store(verdict))
        case .choice(_, let choices)?:
            for choice in choices { decide(choice.verdict, table: table) }
            return (.choice, store(verdict))
        case .masquerade, .redirect, .destinationNAT, .translate: return (.translate, store(verdict))
        case .unknown(let action)?:
            let number = unknown(action.words)
            unknowns[Int(number)].choices = action.endings.count
            unknowns[Int(number)].action = action
            return (.unknown, number)
        }
    }

    private mutating func decide(_ verdict: Verdict, table: Int) {
        let place = VerdictPlace(table: table, verdict: verdict)
        guard decisions[place] == nil else { return }
        let (action, operand) = compiled(verdict, table: table)
        decisions[place] = Decision(action: action, operand: Int(operand))
    }

    private mutating func store(_ verdict: Verdict?) -> Int32 {
        if let verdict { verdicts.append(verdict) }
        return Int32(verdicts.count - 1)
    }

    private mutating func unknown(_ words: String) -> Int32 {
        unknowns.append(Unknown(words: words))
        return Int32(unknowns.count - 1)
    }

    /// What is asked when the field of the condition is not known; -1 for one that always is.
    private mutating func openTest(_ condition: Condition, _ field: Field) -> Int32 {
        guard openable.contains(field) else { return -1 }
        if field == .destinationType {
            let number = ownAddress ?? Int(unknown("whether it is sent to an address of this host"))
            ownAddress = number
            return Int32(number)
        }
        if let known = openTests[condition] { return known }
        let openers = openers[field, default: []].joined(separator: ", ")
        let number = unknown("its \(field.words)\(openers.isEmpty ? "" : " after \(openers)")")
        openTests[condition] = number
        return number
    }

    private mutating func append(_ condition: Condition, negated: Bool, table: Int) {
        func test(_ kind: Test.Kind, _ field: Field? = nil) -> Test {
            Test(kind: kind, isNegated: negated, slot: field?.rawValue ?? 0)
        }
        switch condition {
        case .not(let inner): append(inner, negated: !negated, table: table)
        case .field(let field, let values) where field.isOfClock:
            var test = test(.clock, field)
            test.place = Int32(valueSets.count)
            test.count = timeOfRule ?? unknown("the time")
            timeOfRule = test.count
            asksClock = true
            valueSets.append(values)
            tests.append(test)
        case .field(let field, let values):
            var test = test(.interval, field)
            test.open = openTest(condition, field)
            if test.open < 0, values.intervals.count == 1, let only = values.intervals.first {
                (test.lower, test.width) = (only.lower, only.upper - only.lower)
            } else {
                test.kind = .set
                test.place = Int32(valueSets.count)
                valueSets.append(values)
            }
            tests.append(test)
        case .bits(let field, let mask, let value):
            var test = test(.bits, field)
            test.open = openTest(condition, field)
            (test.lower, test.mask) = (value, mask)
            tests.append(test)
        case .interface(let field, let patterns):
            var test = test(.interface, field)
            let known = interfaces.firstIndex(of: patterns)
            test.place = Int32(known ?? interfaces.count)
            if known == nil { interfaces.append(patterns) }
            if field == .outputInterface {
                leavingBy += patterns.map(\.sample).filter { !leavingBy.contains($0) }
            }
            tests.append(test)
        case .member(let fields, let name):
            var test = test(.member)
            if let field = fields.first(where: openable.contains) { test.open = openTest(condition, field) }
            if let set = set(name, table: table) {
                test.place = Int32(memberships.count)
                memberships.append(Membership(fields: fields, set: set))
            } else {
                test.kind = .unknown
                test.place = unknown("the set \(name)")
            }
            tests.append(test)
        case .stateful(let predicate):
            var test = test(.stateful)
            test.place = Int32(predicates.count)
            predicates.append(predicate)
            predicateFamilies.append(family(of: predicate, table: table))
            if case .recentlySeen(let list) = predicate {
                recentRoom[list.name] = max(recentRoom[list.name] ?? 0, list.room)
            }
            tests.append(test)
        case .absent(let field): tests.append(test(.absent, field))
        case .unknown(let words):
            var test = test(.unknown)
            test.place = unknown(words)
            tests.append(test)
        case .anyOf(let conditions):
            let place = tests.count
            tests.append(test(.anyOf))
            for condition in conditions { append(condition, negated: false, table: table) }
            tests[place].count = Int32(tests.count - place - 1)
        }
    }
}

extension Program {
    /// Of the addresses that the bucket counts by.
    private func family(of predicate: StatefulPredicate, table: Int) -> IPFamily? {
        guard case .withinRate(let bucket) = predicate else { return nil }
        return bucket.name.flatMap { set($0, table: table) }.flatMap { sets[$0].family }
    }
}

extension Statement {
    /// Changes what later rules see.
    fileprivate var isActive: Bool {
        switch self {
        case .counter, .log, .remember, .aside: false
        case .alter, .addHops, .copyMark, .untrack: true
        }
    }
}
