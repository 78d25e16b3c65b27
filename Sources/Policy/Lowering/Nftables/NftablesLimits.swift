import Diagnostics
import Netfilter
import PacketModel

/// The part of a line's bucket that holds one family, or both.
private struct BucketPart {
    var family: IPFamily?
    /// Takes a token.
    var condition: Condition
}

/// Limited allows: buckets, and what happens where several speak of one packet.
extension NftablesLowering {
    /// Sources that a bucket set remembers; when it is full, new ones are refused.
    private static let bucketCount = 65_536
    /// Short timeouts would only make the kernel work; a bucket must be kept until it is full again.
    private static let shortestTimeout = 60

    mutating func registerLimited(_ lines: [PolicyLine], name: String) throws(Diagnostic) -> [Lookup] {
        let overlap = try LimitOverlap(lines, source: policy.source)
        let buckets = lines.enumerated().map { index, line in addBuckets(line, name: "\(name)_\(index + 1)") }
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

    /// The parts of the line's bucket, one of them for each packet.
    private mutating func addBuckets(_ line: PolicyLine, name: String) -> [BucketPart] {
        guard let limit = line.limit else { return [] }
        func add(_ suffix: String, _ family: IPFamily?, _ field: Field, size: Int) -> BucketPart {
            let bucket = TokenBucket(
                rate: limit.rate,
                burst: limit.burst,
                key: limit.key,
                name: "\(name)_bucket\(suffix)"
            )
            let timeout = max(bucket.refillSeconds, Self.shortestTimeout)
            sets.append(
                NamedSet(
                    "\(name)_bucket\(suffix)",
                    family: family,
                    fields: [field],
                    dynamic: NamedSet.Dynamic(timeoutSeconds: timeout, size: size),
                    comment: policy.comment(line.origin)
                )
            )
            return BucketPart(family: family, condition: .stateful(.withinRate(bucket)))
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

    private mutating func addSingle(_ line: PolicyLine, _ buckets: [BucketPart], chain: String) {
        let verdict = admission(line, chain: chain)
        let comment = policy.comment(line.origin)
        add(
            chain,
            managementRules(line.direction.remoteField, verdict)
                + buckets.map { Rule([$0.condition], [.counter], verdict, comment: comment) }
        )
    }

    /// Every matching bucket is charged and one that is under its rate suffices: the first that is sends the packet
    /// to a chain that charges those after it and admits.
    private mutating func addOverlapping(
        _ limited: [(line: PolicyLine, buckets: [BucketPart], name: String)],
        chain: String
    ) {
        var rules: [Rule] = []
        if let first = limited.first {
            rules += managementRules(first.line.direction.remoteField, .accept)
        }
        for (index, member) in limited.enumerated() {
            let comment = policy.comment(member.line.origin)
            let charges = limited[(index + 1)...].flatMap { later in
                later.line.charges(later.buckets).map {
                    Rule($0, [], comment: policy.comment(later.line.origin))
                }
            }
            let granted = "\(member.name)_granted"
            add(granted, charges + [Rule([], [], admission(member.line, chain: member.name))])
            rules += member.line.charges(member.buckets).map {
                Rule($0, [.counter], .goto(granted), comment: comment)
            }
        }
        add("\(chain)", rules, comment: "limits that overlap")
    }

    /// What admits a packet of the line: `accept`, by way of a message where the line logs.
    private mutating func admission(_ line: PolicyLine, chain: String) -> Verdict {
        guard let rate = line.log else { return .accept }
        add("\(chain)_log", logRules(rate, reason: line.origin.title) + [Rule([], [], .accept)])
        return .goto("\(chain)_log")
    }
}

extension PolicyLine {
    /// Lists of conditions, one of which holds for each packet of the line and takes its token; no rule may
    /// speak of both families.
    fileprivate func charges(_ buckets: [BucketPart]) -> [[Condition]] {
        alternatives.flatMap { family, conditions in
            buckets.filter { $0.family == nil || family == nil || $0.family == family }
                .map { conditions + [$0.condition] }
        }
    }

    /// The line as lists of conditions, one of which holds for each of its packets.
    private var alternatives: [(family: IPFamily?, conditions: [Condition])] {
        let protocols: [(IPProtocol?, IntervalSet<UInt16>)] =
            services.isAny
            ? [(nil, .full)] : services.members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        return protocols.flatMap { transportProtocol, members in
            families(of: transportProtocol).flatMap { family in
                let only = family ?? transportProtocol?.family
                return asked(transportProtocol, members).map { asked in
                    (only, [only.map(Condition.family)].compactMap(\.self) + asked + places(family))
                }
            }
        }
    }

    private func asked(_ transportProtocol: IPProtocol?, _ members: IntervalSet<UInt16>) -> [[Condition]] {
        guard let transportProtocol else { return [[]] }
        let isProtocol = Condition.transportProtocol(transportProtocol)
        if members.isFull { return [[isProtocol]] }
        let values = members.asFieldValues
        if transportProtocol.hasTypes { return [[.field(.icmpTypeAndCode, in: values)]] }
        let isTranslated = Condition.status(.destinationNAT)
        return [
            [isProtocol, .not(isTranslated), .field(.destinationPort, in: values)],
            [isProtocol, isTranslated, .field(.originalDestinationPort, in: values)],
        ]
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
        return conditions
    }
}
