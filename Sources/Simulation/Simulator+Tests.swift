import Netfilter
import PacketModel

extension Simulator {
    subscript(field: Field) -> UInt128? {
        has(field.rawValue) ? values[Int(field.rawValue)] : nil
    }

    /// Whether the packet has the field of this raw value.
    @inline(__always)
    private func has(_ slot: UInt8) -> Bool { present >> UInt64(slot) & 1 == 1 }

    func key(_ fields: [Field]) -> [UInt128]? {
        var key: [UInt128] = []
        for field in fields {
            guard let value = self[field] else { return nil }
            key.append(value)
        }
        return key
    }

    /// All hold; what comes after one that does not is not asked, and takes no token.
    @inline(__always)
    mutating func holds(_ range: Range<Int32>, of tests: [Program.Test]) -> Bool {
        var place = Int(range.lowerBound)
        let end = Int(range.upperBound)
        while place < end {
            // Most questions are of this kind.
            if tests[place].kind == .interval {
                guard isWithin(tests[place]) else { return false }
                place += 1
            } else {
                guard holds(place) else { return false }
                place = program.place(after: place)
            }
        }
        return true
    }

    /// A field that the packet has not makes a test fail, negated or not (NFT_BREAK).
    @inline(__always)
    private func isWithin(_ test: Program.Test) -> Bool {
        guard has(test.slot) else { return false }
        return (values[Int(test.slot)] &- test.lower <= test.width) != test.isNegated
    }

    private mutating func holds(_ place: Int) -> Bool {
        let test = program.tests[place]
        switch test.kind {
        case .interval: return isWithin(test)
        case .bits:
            if test.open >= 0, isOpen(test.slot), let answer = openAnswer(test) { return answer }
            guard has(test.slot) else { return false }
            return (values[Int(test.slot)] & test.mask == test.lower) != test.isNegated
        case .set:
            if test.open >= 0, isOpen(test.slot), let answer = openAnswer(test) { return answer }
            guard has(test.slot) else { return false }
            return program.valueSets[Int(test.place)].contains(values[Int(test.slot)]) != test.isNegated
        case .interface:
            if test.slot == Field.outputInterface.rawValue, isWayOpen { chooseInterface() }
            let number = test.slot == Field.inputInterface.rawValue ? inputInterface : outputInterface
            return interface(number, matches: Int(test.place)) != test.isNegated
        case .absent:
            return has(test.slot) == test.isNegated
        case .member, .stateful, .anyOf, .unknown, .clock: return holdsSlowly(test, place)
        }
    }

    @inline(never)
    private mutating func holdsSlowly(_ test: Program.Test, _ place: Int) -> Bool {
        switch test.kind {
        case .member:
            let membership = program.memberships[Int(test.place)]
            if test.open >= 0, membership.fields.contains(where: { isOpen($0) }),
                let answer = openAnswer(test)
            {
                return answer
            }
            let set = program.sets[membership.set]
            guard set.family == nil || set.family == program.family, let key = key(membership.fields)
            else { return false }
            return (set.find(key, program.family) != nil) != test.isNegated
        case .stateful:
            let predicate = program.predicates[Int(test.place)]
            if let family = program.predicateFamilies[Int(test.place)], family != program.family {
                return false
            }
            let answer = decides.map { $0(predicate) } ?? decide(predicate, Int(test.place))
            if answer, case .withinRate(let bucket) = predicate, let name = bucket.name {
                trace.charged.append(name)
            }
            return answer != test.isNegated
        case .anyOf:
            var inner = place + 1
            var found = false
            while inner <= place + Int(test.count) {
                if holds(inner) {
                    found = true
                    break
                }
                inner = program.place(after: inner)
            }
            return found != test.isNegated
        case .unknown: return isAssumed(Int(test.place)) != test.isNegated
        case .clock:
            guard has(test.slot) else { return isAssumed(Int(test.count)) != test.isNegated }
            return program.valueSets[Int(test.place)].contains(values[Int(test.slot)]) != test.isNegated
        case .interval, .bits, .set, .interface, .absent: return false
        }
    }

    private mutating func decide(_ predicate: StatefulPredicate, _ number: Int) -> Bool {
        func owner(_ key: [UInt128], name: String? = nil) -> SimulationState.Owner {
            SimulationState.Owner(predicate: name == nil ? number : nil, name: name, key: key)
        }
        switch predicate {
        case .withinRate(let bucket):
            return state.takesToken(bucket, owner(key(bucket.key), name: bucket.name), at: time)
        case .withinRateOfEach(let fields, let bucket):
            let key = fields.map { (self[$0.field] ?? 0) & $0.mask }
            return state.takesToken(bucket, owner(key, name: bucket.name), at: time)
        case .recentlySeen(let list):
            guard let address = self[list.key.field] else { return false }
            // A packet on its way out lost a hop here (net/netfilter/xt_recent.c).
            let hops = UInt8(truncatingIfNeeded: self[.hopLimit] ?? 0)
            return state.matches(
                list,
                address & list.key.mask,
                hopLimit: (outputInterface != 0 || isWayOpen) && inputInterface != 0 ? hops &+ 1 : hops,
                room: program.recentRoom[list.name] ?? 1,
                at: time
            )
        case .connections(let count):
            guard let address = self[count.key.field] else { return false }
            let owner = owner([address & count.key.mask])
            let connection = [
                self[.transportProtocol] ?? 0, self[.source] ?? 0, self[.destination] ?? 0,
                self[.sourcePort] ?? 0, self[.destinationPort] ?? 0,
            ]
            if state.connections[owner, default: []].insert(connection).inserted {
                tentative.append((owner, connection))
            }
            return state.connections[owner]?.count ?? 0 <= Int(count.most)
        case .quota(let bytes):
            return state.spends(UInt64(truncatingIfNeeded: self[.length] ?? 0), of: bytes, number)
        case .everyNth(let every, let offset):
            return state.isNth(every, offset: offset, number)
        }
    }

    private func key(_ key: TokenBucket.Key) -> [UInt128] {
        func leading(_ field: Field, _ length: Int) -> UInt128 {
            let hostBits = program.family == .ipv6 ? UInt128(128 - length) : 0
            return ((self[field] ?? 0) >> hostBits) << hostBits
        }
        return switch key {
        case .shared: []
        case .source(let length): [leading(.source, length)]
        case .destination(let length): [leading(.destination, length)]
        }
    }
}
