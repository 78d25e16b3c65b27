import Diagnostics
import Netfilter
import PacketModel
import Policy

/// Limited allows: buckets, and what happens where several speak of one packet.
extension NftablesLowering {
    /// Sources that a bucket set remembers; when it is full, new ones are refused.
    private static let bucketCount = 65_536
    /// How long a source that was admitted is known. One that comes once a day is admitted also while others keep the
    /// table of buckets full.
    private static let memorySeconds = 86_400
    /// The kernel takes room for all of a set at once: eight bytes and more for each that might come.
    private static let memoryCount = 16_384
    /// Short timeouts would only make the kernel work; a bucket must be kept until it is full again.
    private static let shortestTimeout = 60

    mutating func registerLimited(_ lines: [PolicyLine], name: String) throws(Diagnostic) -> [Lookup] {
        let overlap = try LimitOverlap(lines, source: policy.source)
        let alone = Set(overlap.clusters.filter { $0.count == 1 }.flatMap(\.self))
        let buckets = lines.enumerated().map { index, line in
            addBuckets(line, name: "\(name)_\(index + 1)", isAlone: alone.contains(index))
        }
        var chainsOfLines: [Int: Verdict] = [:]
        for cluster in overlap.clusters {
            let chain = "\(name)_\((cluster.first ?? 0) + 1)"
            for index in cluster { chainsOfLines[index] = .goto(chain) }
            let limited = cluster.map { (lines[$0], buckets[$0], "\(name)_\($0 + 1)") }
            if limited.count == 1, let (line, conditions, lineName) = limited.first {
                addSingle(line, conditions, chain: lineName)
            } else {
                addOverlapping(limited, chain: chain)
            }
        }
        return lookups(try cut(lines), lines, name: name, inline: nil, chainsOfLines: chainsOfLines)
    }

    /// The buckets of the line, one of them for each packet. A line that overlaps no other one remembers whom it admitted.
    private mutating func addBuckets(_ line: PolicyLine, name: String, isAlone: Bool) -> [Bucket] {
        guard let limit = line.limit else { return [] }
        func addBucket(
            _ name: String,
            _ family: IPFamily?,
            _ field: Field,
            _ size: Int,
            comment: String? = nil
        ) -> Condition {
            let bucket = TokenBucket(rate: limit.rate, burst: limit.burst, key: limit.key, name: name)
            let timeout = max(bucket.refillSeconds, Self.shortestTimeout)
            let dynamic = NamedSet.Dynamic(timeoutSeconds: timeout, size: size)
            addDynamic(name, family, field, dynamic, comment: comment)
            return .stateful(.withinRate(bucket))
        }
        func add(_ suffix: String, _ family: IPFamily?, _ field: Field, size: Int) -> Bucket {
            let comment = policy.comment(line.origin)
            let takesToken = addBucket("\(name)_bucket\(suffix)", family, field, size, comment: comment)
            guard let family, isAlone else { return Bucket(family: family, takesToken: takesToken) }
            let known = "\(name)_known\(suffix)"
            let kept = NamedSet.Dynamic(timeoutSeconds: Self.memorySeconds, size: Self.memoryCount)
            addDynamic(known, family, field, kept, by: limit.key.prefixLength(family))
            let spare = addBucket("\(name)_spare\(suffix)", family, field, Self.memoryCount)
            return Bucket(
                family: family,
                takesToken: takesToken,
                memory: Bucket.Memory(
                    isKnown: .member([field], of: known),
                    takesToken: spare,
                    remembers: .remember([field], in: known)
                )
            )
        }
        switch limit.key {
        case .shared:
            return [add("", nil, .family, size: IPFamily.allCases.count)]
        case .source:
            return [
                add("4", .ipv4, .source, size: Self.bucketCount),
                add("6", .ipv6, .source, size: Self.bucketCount),
            ]
        case .destination:
            return [
                add("4", .ipv4, .destination, size: Self.bucketCount),
                add("6", .ipv6, .destination, size: Self.bucketCount),
            ]
        }
    }

    /// A comment names the line whose table it is; `status` tells how full that is.
    private mutating func addDynamic(
        _ name: String,
        _ family: IPFamily?,
        _ field: Field,
        _ dynamic: NamedSet.Dynamic,
        by prefixLength: Int? = nil,
        comment: String? = nil
    ) {
        let isWhole = prefixLength == nil || prefixLength == family?.addressWidth
        sets.append(
            NamedSet(
                name,
                family: family,
                fields: [field],
                dynamic: dynamic,
                prefixLength: isWhole ? nil : prefixLength,
                comment: comment
            )
        )
    }

    /// A packet takes a token of its bucket. Where the kernel has no room for one more, those that were admitted before
    /// have buckets of their own, which nobody else can fill; they are charged at every admission, so that nobody gets
    /// more than the rate by both.
    private mutating func addSingle(_ line: PolicyLine, _ buckets: [Bucket], chain: String) {
        let verdict = admission(line, chain: chain)
        let comment = policy.comment(line.origin)
        var rules = line.direction == .inbound ? managementRules(.source, verdict) : []
        let memories = buckets.compactMap(\.memory)
        if memories.isEmpty {
            rules += buckets.map { Rule([$0.takesToken], [.counter], verdict, comment: comment) }
        } else {
            add(
                "\(chain)_admitted",
                memories.flatMap { [Rule([], [$0.remembers]), Rule([$0.isKnown, $0.takesToken])] }
                    + [Rule([], [], verdict)],
                comment: "who was admitted is known for a day"
            )
            rules += buckets.map {
                Rule([$0.takesToken], [.counter], .goto("\(chain)_admitted"), comment: comment)
            }
            rules += memories.map {
                Rule([$0.isKnown, $0.takesToken], [.counter, $0.remembers], verdict, comment: comment)
            }
        }
        add(chain, rules + [Rule([], [], .goto("\(line.direction.hookName)_rest"))])
    }

    /// Every matching bucket is charged and one that is under its rate suffices: the first that is sends the packet
    /// to a chain that charges those after it and admits.
    private mutating func addOverlapping(
        _ limited: [(line: PolicyLine, buckets: [Bucket], name: String)],
        chain: String
    ) {
        guard let direction = limited.first?.line.direction else { return }
        var rules = direction == .inbound ? managementRules(.source, .accept) : []
        let charging = chargingRules(limited, asked: .inPacket, direction)
        let translated = chargingRules(limited, asked: .portBeforeTranslation, direction)
        if translated != charging {
            // Of a packet that no connection is known of it cannot be asked whether NAT changed it, one way or the other.
            let name = AskedDestination.portBeforeTranslation.name(chain)
            add(name, translated)
            rules.append(Rule([.status(.destinationNAT)], [], .goto(name)))
        }
        add(chain, rules + charging, comment: "limits that overlap")
    }

    private mutating func chargingRules(
        _ limited: [(line: PolicyLine, buckets: [Bucket], name: String)],
        asked: AskedDestination,
        _ direction: Direction
    ) -> [Rule] {
        var rules: [Rule] = []
        for (index, member) in limited.enumerated() {
            let comment = policy.comment(member.line.origin)
            let charges = limited[(index + 1)...].flatMap { later in
                later.line.charges(to: later.buckets, asked).map {
                    Rule($0, [], comment: policy.comment(later.line.origin))
                }
            }
            let granted = asked.name("\(member.name)_granted")
            add(granted, charges + [Rule([], [], admission(member.line, chain: member.name))])
            rules += member.line.charges(to: member.buckets, asked).map {
                Rule($0, [.counter], .goto(granted), comment: comment)
            }
        }
        return rules + [Rule([], [], .goto("\(direction.hookName)_rest"))]
    }

    /// What admits a packet of the line: `accept`, by way of a message where the line logs.
    private mutating func admission(_ line: PolicyLine, chain: String) -> Verdict {
        guard let rate = line.log else { return .accept }
        add("\(chain)_log", logRules(rate, reason: line.origin.title) + [Rule([], [], .accept)])
        return .goto("\(chain)_log")
    }
}

/// Where a packet takes its token.
private struct Bucket {
    /// Nil when packets of both families come here.
    var family: IPFamily?
    var takesToken: Condition
    /// Nil where nobody is remembered.
    var memory: Memory?

    /// Of who was admitted before.
    struct Memory {
        var isKnown: Condition
        /// Of a bucket that only those who are known have.
        var takesToken: Condition
        var remembers: Statement
    }
}

extension TokenBucket.Key {
    /// By how much of an address it counts.
    fileprivate func prefixLength(_ family: IPFamily) -> Int {
        switch (self, family) {
        case (.source(let length), .ipv6), (.destination(let length), .ipv6): length
        case (_, .ipv4), (.shared, .ipv6): family.addressWidth
        }
    }
}

/// What some packets of a line have in common.
private struct Alternative {
    /// Nil when packets of both families may have it.
    var family: IPFamily?
    var conditions: [Condition]
}

extension PolicyLine {
    /// The line as lists of conditions, one of which holds for each of its packets, with the bucket that it takes
    /// its token of.
    fileprivate func charges(to buckets: [Bucket], _ asked: AskedDestination) -> [[Condition]] {
        alternatives(asked).flatMap { alternative in
            buckets.filter { bucket in
                bucket.family == nil || alternative.family == nil || bucket.family == alternative.family
            }.map { alternative.conditions + [$0.takesToken] }
        }
    }

    /// One of them holds for each packet of the line.
    private func alternatives(_ destination: AskedDestination) -> [Alternative] {
        let protocols: [(IPProtocol?, IntervalSet<UInt16>)] =
            services.isAny
            ? [(nil, .full)] : services.asked.map { ($0.transportProtocol, $0.members) }
        return protocols.flatMap { transportProtocol, members in
            families(of: transportProtocol).map { family in
                let asked = asked(transportProtocol, members, destination)
                let family = family ?? transportProtocol?.family
                let isFamily = family.map { [Condition.family($0)] } ?? []
                return Alternative(family: family, conditions: isFamily + asked + places(family))
            }
        }
    }

    private func asked(
        _ transportProtocol: IPProtocol?,
        _ members: IntervalSet<UInt16>,
        _ destination: AskedDestination
    ) -> [Condition] {
        guard let transportProtocol else { return [] }
        let isProtocol = Condition.transportProtocol(transportProtocol)
        if members.isFull { return [isProtocol] }
        let values = members.asFieldValues
        if transportProtocol.hasTypes { return [.field(.icmpTypeAndCode, in: values)] }
        return [isProtocol, .field(destination.field(.destinationPort), in: values)]
    }

    private func places(_ family: IPFamily?) -> [Condition] {
        var conditions: [Condition] = []
        if let inputInterfaces { conditions.append(.interface(.inputInterface, matches: inputInterfaces)) }
        if let outputInterfaces { conditions.append(.interface(.outputInterface, matches: outputInterfaces)) }
        if let family {
            if let source { conditions.append(.field(.source, in: source[family])) }
            if let destination { conditions.append(.field(.destination, in: destination[family])) }
        }
        if let users {
            conditions.append(.field(.user, in: IntervalSet(users.intervals.map(\.asFieldValues))))
        }
        if let until { conditions.append(.before(until)) }
        return conditions
    }
}
