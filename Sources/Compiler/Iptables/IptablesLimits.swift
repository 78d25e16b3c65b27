import Diagnostics
import Netfilter
import PacketModel
import Policy

/// Limited allows: buckets, and what happens where several speak of one packet.
extension IptablesLowering {
    mutating func decideLimited(
        _ lines: [PolicyLine],
        asked: Asked,
        in chain: inout String,
        stem: String,
        rest: String,
        levels: inout Int
    ) throws(Diagnostic) {
        var seen: Set<String> = []
        // Lines that say the same share one bucket, which a packet must not pay twice.
        let lines = lines.filter { seen.insert(contentKey($0)).inserted }
        spareManagement(lines, asked: asked, in: chain, stem: stem, rest: rest)
        let overlap = try LimitOverlap(lines, source: policy.source)
        var staged: [StagedLine] = []
        for cluster in overlap.clusters {
            let members = try cluster.map { index throws(Diagnostic) in
                (line: lines[index], bucket: try bucket(of: lines[index]))
            }
            if members.count == 1, let (line, bucket) = members.first {
                staged.append(
                    StagedLine(line: line, conditions: [bucket], verdict: admission(of: line, stem: stem))
                )
            } else {
                let together = addOverlapping(members, asked: asked, stem: stem, rest: rest)
                staged += members.map { StagedLine(line: $0.line, verdict: .goto(together)) }
            }
        }
        try decide(staged, asked: asked, in: &chain, stem: stem, levels: &levels)
    }

    /// Bans and limits spare the addresses of `management.from`: there the lines admit without a bucket.
    private mutating func spareManagement(
        _ lines: [PolicyLine],
        asked: Asked,
        in chain: String,
        stem: String,
        rest: String
    ) {
        guard lines.first?.direction == .inbound, let spared = spared(.source) else { return }
        let name = chains.startNext(stem, comment: "limits spare the addresses of management")
        for line in lines {
            let verdict = admission(of: line, stem: stem)
            chains.add(rules(of: StagedLine(line: line, verdict: verdict), asked), to: name)
        }
        chains.add(Rule([], [], .goto(rest)), to: name)
        chains.add(Rule([spared], [], .goto(name), comment: "management"), to: chain)
    }

    /// Every matching bucket is charged and one that is under its rate suffices: the first that is sends
    /// the packet to a chain that charges those after it and admits.
    private mutating func addOverlapping(
        _ members: [(line: PolicyLine, bucket: Condition)],
        asked: Asked,
        stem: String,
        rest: String
    ) -> String {
        let name = chains.startNext(stem, comment: "limits that overlap")
        for (index, member) in members.enumerated() {
            let verdict = admission(of: member.line, stem: stem)
            let later = members[(index + 1)...]
            var admitted = verdict
            if !later.isEmpty {
                let charged = chains.startNext(stem, comment: "admitted; the other limits count it too")
                for other in later {
                    let charge = StagedLine(line: other.line, conditions: [other.bucket])
                    chains.add(rules(of: charge, asked), to: charged)
                }
                chains.add(Rule([], [], verdict), to: charged)
                admitted = .goto(charged)
            }
            let staged = StagedLine(line: member.line, conditions: [member.bucket], verdict: admitted)
            chains.add(rules(of: staged, asked), to: name)
        }
        chains.add(Rule([], [], .goto(rest)), to: name)
        return name
    }

    /// What the extension `hashlimit` takes (measured on 1.8.9): a million in a second, a million at once,
    /// and a day to refill: more overflows the kernel's credits, and the burst is another then (xt_hashlimit.c,
    /// MAX_CPJ).
    private static let fastestPerSecond: UInt64 = 1_000_000
    private static let largestBurst: UInt32 = 1_000_000
    private static let longestRefill = 86_400

    /// The condition that takes a token of the line's bucket; both families have buckets of their own.
    private func bucket(of line: PolicyLine) throws(Diagnostic) -> Condition {
        guard let limit = line.limit else { return .state(.new) }
        var hash = ContentHash()
        hash.combine(contentKey(line))
        let bucket = TokenBucket(
            rate: limit.rate,
            burst: limit.burst,
            key: limit.key,
            name: "\(IptablesProgram.setPrefix)\(hash.digits)"
        )
        guard UInt64(limit.rate.count) <= Self.fastestPerSecond * UInt64(limit.rate.unit.seconds),
            limit.burst <= Self.largestBurst, bucket.refillSeconds <= Self.longestRefill
        else {
            throw Diagnostic(
                code: "policy.limit.iptables",
                "iptables cannot hold a limit of \(limit.rate) with a burst of \(limit.burst)",
                at: Diagnostic.Label(policy.source, line.origin.range, "limited here"),
                notes: ["it takes up to 1000000/second, a burst up to 1000000, and a day to refill"],
                fix: "write a smaller limit, or use the nftables backend"
            )
        }
        return .stateful(.withinRate(bucket))
    }

    /// What a line says, without its place and without words for people.
    private func contentKey(_ line: PolicyLine) -> String {
        var hash = ContentHash()
        hash.combine("\(line.direction) \(line.limit.map(String.init(describing:)) ?? "")")
        let services = line.services.members.sorted { $0.key < $1.key }
        hash.combine(
            line.services.isAny ? "any" : services.map { "\($0.key):\($0.value.intervals)" }.joined()
        )
        for family in IPFamily.allCases {
            for addresses in [line.source?[family], line.destination?[family]] {
                hash.combine(addresses == nil ? "every" : "these")
                hash.combine(addresses?.intervals ?? [])
            }
        }
        hash.combine("\(line.inputInterfaces?.map(\.text) ?? []) \(line.outputInterfaces?.map(\.text) ?? [])")
        hash.combine(line.users.map { "\($0.intervals)" } ?? "")
        if let until = line.until { hash.combine(until.description) }
        return hash.digits
    }
}
