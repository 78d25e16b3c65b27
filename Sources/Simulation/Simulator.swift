package import Netfilter
package import PacketModel

/// Runs packets through the hooks of a ruleset, as the kernel does (nft_do_chain, ipt_do_table, ip_rcv, ip_forward).
///
/// A packet with an input interface alone is for an address of this host, with both it is forwarded, with an output
/// interface alone this host sends it. Behind PREROUTING the kernel asks its routes: a packet that a rule sent to another
/// address goes on to that, and one that a rule sent here stays. Its fields are as on the wire: what a hook sees of them follows from the way
/// (the hop limit one less from forwarding on, datagrams put together, marks, NAT).
package struct Simulator: Sendable {
    /// What the matches that keep state remember.
    package var state = SimulationState()
    /// Answers for the matches that keep state, instead of ``state``.
    package var decides: (@Sendable (StatefulPredicate) -> Bool)?
    /// Answers to what is not known, by its number; of what is not here the first holds.
    package var assumptions: [Int: Int] = [:]
    /// Addresses of this host, beside those that the packets show.
    package var localAddresses: Set<UInt128> = []
    /// ``localAddresses`` are all that there are, and what the packets show of addresses counts no more.
    package var knowsAddresses = false
    /// The routes of this host, as far as somebody says; those that the rules tell come after them.
    package var routes = HostRoutes()
    /// The address that REDIRECT sends to, by the interface that a packet came by.
    package var interfaceAddresses: [String: UInt128] = [:]
    /// What the packets say of the types of their addresses is so.
    var trustsTypes = false
    /// In nanoseconds.
    package var time: UInt64 = 0
    /// ``time`` counts from 1970, so that rules which look at the clock are decided.
    package var isDated = false

    let program: Program
    /// Every packet goes through connection tracking, which puts datagrams together.
    package let tracksConnections: Bool

    // The packet that runs, as the hook sees it.
    var values = [UInt128](repeating: 0, count: Field.allCases.count)
    var present: UInt64 = 0
    var inputInterface = 0
    var outputInterface = 0
    var isUntracked = false
    /// The fields of the transport header, while the packet is a later fragment.
    var hiddenTransport: UInt64 = 0
    var trace = Trace()
    /// The numbers of interfaces by their names; 0 is none.
    private var interfaceNumbers: [String: Int] = ["": 0]
    private var interfaceNames = [""]
    /// For each interface, which lists of patterns it matches.
    private var interfaceMatches: [Bool] = []
    private var stack: [(next: Int, end: Int)] = []
    /// Connections that count only if the packet passes.
    var tentative: [(owner: SimulationState.Owner, connection: [UInt128])] = []
    var redirection: UInt128?
    /// The hook lies behind the choice of the way.
    var isRouted = false
    /// The packet comes from this host.
    var isSent = false
    /// What nobody knows of the packet any more: a bit for each field.
    var open: UInt64 = 0
    /// How often something became unknown.
    var openings = 0
    /// Which interface it leaves by is not known.
    var isWayOpen = false
    /// Taken to be sent to an address of this host, or to another; nil while nobody asked.
    var isTakenAsOwn: Bool?
    /// The destination that the packet came with.
    var firstDestination: UInt128?
    /// A rule sent a packet of another host to this one.
    var isRedirected = false

    /// Jumps nest no deeper in the kernel (NFT_JUMP_STACK_SIZE, net/netfilter/nf_tables.h).
    private static let deepestJump = 16
    /// Where connection tracking looks at packets (NF_IP_PRI_CONNTRACK, linux/netfilter_ipv4.h).
    private static let connectionTracking = -200

    package init(_ ruleset: Ruleset, family: IPFamily, tracksConnections: Bool = true) {
        program = Program(ruleset, family: family)
        self.tracksConnections = tracksConnections
        addMatches(of: "")
    }

    /// The words of what is not known, by its number.
    package func unknown(_ number: Int) -> String { program.unknowns[number & Self.unknownMask].words }

    /// The whole way of a packet.
    package mutating func run(_ packet: Packet) -> Trace {
        begin(packet)
        if packet.inputInterface != nil {
            receive(packet)
        } else if packet.outputInterface != nil {
            send()
        }
        return finish()
    }

    private mutating func receive(_ packet: Packet) {
        outputInterface = 0
        lookAtDestination(packet)
        if tracksConnections { reassemble() }
        guard run(at: .prerouting) else { return }
        if staysHere(packet) {
            if program.family == .ipv4 { reassemble() }
            _ = run(at: .input)
        } else {
            chooseWay(packet.outputInterface)
            _ = isForOneHost() && takeHop() && run(at: .forward) && run(at: .postrouting)
        }
    }

    private mutating func send() {
        isSent = true
        guard run(at: .output) else { return }
        chooseWayAgain()
        _ = run(at: .postrouting)
    }

    /// The chains of one hook alone, as the packet is.
    package mutating func run(_ packet: Packet, at point: Chain.Hook.Point) -> Trace {
        begin(packet)
        _ = run(at: point)
        return finish()
    }

    private mutating func begin(_ packet: Packet) {
        trace.fate = .accept
        trace.path.removeAll(keepingCapacity: true)
        trace.isExpired = false
        trace.isImpossible = false
        trace.isForMany = false
        trace.forwarding = nil
        trace.charged.removeAll(keepingCapacity: true)
        trace.unknowns.removeAll(keepingCapacity: true)
        tentative.removeAll(keepingCapacity: true)
        present = packet.values.copy(to: &values)
        inputInterface = number(of: packet.inputInterface)
        outputInterface = number(of: packet.outputInterface)
        redirection = packet.inputInterface.flatMap { interfaceAddresses[$0] }
        if program.asksClock { readClock() }
        isUntracked = false
        isRedirected = false
        isSent = false
        (open, openings, isWayOpen, isTakenAsOwn) = (0, 0, false, nil)
        firstDestination = self[.destination]
        hiddenTransport = 0
        hideTransport()
    }

    private mutating func readClock() {
        if isDated { set(.time, UInt128(time / 1_000_000_000)) }
        guard let seconds = self[.time] else { return }
        let clock = CalendarTime(seconds: UInt64(truncatingIfNeeded: seconds))
        set(.timeOfDay, UInt128(clock.timeOfDay))
        set(.weekDay, UInt128(clock.weekDay))
        set(.monthDay, UInt128(clock.monthDay))
    }

    private mutating func finish() -> Trace {
        if trace.fate != .accept {
            for (owner, connection) in tentative { state.connections[owner]?.remove(connection) }
        }
        return trace
    }

    mutating func number(of name: String?) -> Int {
        guard let name else { return 0 }
        if let known = interfaceNumbers[name] { return known }
        let number = interfaceNumbers.count
        interfaceNumbers[name] = number
        interfaceNames.append(name)
        addMatches(of: name)
        return number
    }

    private mutating func addMatches(of name: String) {
        for patterns in program.interfaces {
            interfaceMatches.append(patterns.contains { $0.matches(name) })
        }
    }

    /// The packet as the last hook left it.
    var packetAtEnd: Packet {
        var packet = Packet(
            family: program.family,
            inputInterface: name(of: inputInterface),
            outputInterface: name(of: outputInterface)
        )
        for field in Field.allCases { packet[field] = self[field] }
        if isWayOpen { packet.outputInterface = program.leavingBy[0] }
        return packet
    }

    func name(of interface: Int) -> String? { interface == 0 ? nil : interfaceNames[interface] }

    func interface(_ number: Int, matches place: Int) -> Bool {
        interfaceMatches[number * program.interfaces.count + place]
    }

    /// False when the packet goes no further.
    private mutating func run(at point: Chain.Hook.Point) -> Bool {
        let bases = program.bases[point.place]
        isRouted = point == .postrouting || point == .input
        let isOfKnown = translatesAgain
        var isDone = !isOfKnown
        let place = point.translation
        for base in bases {
            if !isDone, base.priority > place {
                translateAgain()
                isDone = true
            }
            let isBefore = base.priority < Self.connectionTracking
            if base.isNAT, !translates { continue }
            let held = isBefore ? hideConnection() : nil
            let goesOn = run(base)
            if let held { showConnection(held) }
            if !goesOn { return false }
        }
        if !isDone { translateAgain() }
        return true
    }

    private mutating func run(_ base: Program.Base) -> Bool {
        // Once for all rules, not for each.
        let (rules, chains, tests) = (program.rules, program.chains, program.tests)
        stack.removeAll(keepingCapacity: true)
        var next = chains[base.chain].rules.lowerBound
        var end = chains[base.chain].rules.upperBound
        while true {
            if next == end {
                guard let caller = stack.popLast() else { return decide(policyOf: base.chain) }
                (next, end) = caller
                continue
            }
            let place = next
            let rule = rules[place]
            next += 1
            guard holds(rule.tests, of: tests) else { continue }
            var action = rule.action
            var operand = Int(rule.operand)
            if action == .lookup || action == .choice {
                guard let found = find(operand, table: chains[base.chain].table) else { continue }
                (action, operand) = (found.action, found.operand)
            }
            note(place)
            if !rule.statements.isEmpty { perform(rule.statements) }
            switch action {
            case .next: continue
            case .accept: return true
            case .drop: return stop(.drop)
            case .reject: return stop(.reject)
            case .queue: return stop(.queue)
            case .translate:
                translate(program.verdicts[operand])
                return true
            case .unknown:
                switch ending(of: operand) {
                case .next: continue
                case .accept: return true
                case .drop: return stop(.drop)
                case .reject: return stop(.reject)
                case .queue: return stop(.queue)
                case .return: next = end
                }
            case .return: next = end
            case .jump:
                guard stack.count < Self.deepestJump else { return stop(.drop) }
                stack.append((next, end))
                (next, end) = (chains[operand].rules.lowerBound, chains[operand].rules.upperBound)
            case .goto:
                (next, end) = (chains[operand].rules.lowerBound, chains[operand].rules.upperBound)
            case .lookup, .choice: continue
            }
        }
    }

    private mutating func stop(_ fate: Trace.Fate) -> Bool {
        trace.fate = fate
        return false
    }

    /// Nothing is forwarded that came in a frame to more than this host (net/ipv4/ip_forward.c, net/ipv6/ip6_output.c).
    private mutating func isForOneHost() -> Bool {
        guard let type = self[.frameType], type != UInt128(FrameType.host.rawValue) else { return true }
        trace.isForMany = true
        return stop(.drop)
    }

    mutating func expire() {
        trace.isExpired = true
        trace.fate = .drop
    }

    private mutating func decide(policyOf chain: Int) -> Bool {
        let chain = program.chains[chain]
        trace.path.append(Trace.Step(table: chain.table, chain: chain.chain, rule: nil))
        return chain.dropsAtEnd ? stop(.drop) : true
    }

    private mutating func note(_ rule: Int) {
        let place = program.locations[rule]
        trace.path.append(Trace.Step(table: place.table, chain: place.chain, rule: place.rule))
    }

    /// What stands in a map for the packet, as an action and its operand.
    private func find(_ verdict: Int, table: Int) -> Program.Decision? {
        func decision(_ verdict: Verdict) -> Program.Decision? {
            program.decisions[Program.VerdictPlace(table: table, verdict: verdict)]
        }
        switch program.verdicts[verdict] {
        case .lookup(let fields, let map):
            guard let set = program.set(map, table: table) else { return nil }
            let element = program.sets[set].find(key(fields), program.family)
            return element?.verdict.flatMap(decision)
        case .choice(let field, let choices):
            guard let value = self[field] else { return nil }
            return choices.first { $0.value == value }.flatMap { decision($0.verdict) }
        default: return nil
        }
    }
}
