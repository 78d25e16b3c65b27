import Diagnostics
import Netfilter
import PacketModel
import Policy

/// A line in a stage, and what becomes of the packets that it speaks of.
struct StagedLine {
    var line: PolicyLine
    /// Asked after everything that the line says: its bucket.
    var conditions: [Condition] = []
    var verdict: Verdict?
}

extension IptablesLowering {
    /// Up to this many rules are written one below the other; more go into sets, or into a tree of chains.
    static let mostInlineRules = 16
    /// Address lists that are longer become a set of their own, where there are sets.
    static let mostInlineAddresses = 8

    /// Writes the lines into `chain`; behind it, `chain` is where packets go on that no line decided.
    ///
    /// The lines may decide in any order: they say the same, or no packet is in two of them. Up to `levels`
    /// chains may stand one behind the other for them; what remains of the levels is left there.
    mutating func decide(
        _ lines: [StagedLine],
        asked: Asked,
        in chain: inout String,
        stem: String,
        levels: inout Int
    ) throws(Diagnostic) {
        var boxes = lines.enumerated().flatMap { LineBox.boxes(of: $1.line, owner: $0, in: family) }
        guard !boxes.isEmpty else { return }
        if !isShort(boxes, asked) && usesIpset && asked == .inPacket {
            let (folded, rest) = foldIntoSets(boxes, lines, stem: stem)
            chains.add(folded, to: chain)
            boxes = rest
        }
        if isShort(boxes, asked) {
            chains.add(boxes.flatMap { rules(of: $0, lines[$0.owner], asked) }, to: chain)
            return
        }
        for group in try atoms(of: boxes, lines, asked).groupedForTrees {
            let wanted = min(RuleTree.levels(for: group.count), levels)
            guard group.count > Self.mostInlineRules, wanted > 1 else {
                chains.add(group.map(\.rule), to: chain)
                continue
            }
            levels -= wanted
            let next = chains.startNext(stem, comment: "what the tree above did not decide")
            RuleTree(stem: stem, asked: asked, otherwise: next)
                .write(group, levels: wanted, into: chain, in: &chains)
            chain = next
        }
    }

    private func isShort(_ boxes: [LineBox], _ asked: Asked) -> Bool {
        var count = 0
        for box in boxes {
            count += ruleCount(box, asked)
            if count > Self.mostInlineRules { return false }
        }
        return true
    }

    private func ruleCount(_ box: LineBox, _ asked: Asked) -> Int {
        let sources = box.source.map { usesSet($0) ? 1 : $0.intervals.count } ?? 1
        let destinations = box.destination.map { usesSet($0) ? 1 : $0.intervals.count } ?? 1
        let members = box.hasPorts ? box.portLists(asked).count : 1
        return sources * destinations * members * max(box.inputInterfaces?.count ?? 1, 1)
            * max(box.outputInterfaces?.count ?? 1, 1) * (box.users?.intervals.count ?? 1)
    }

    func usesSet(_ addresses: IntervalSet<UInt128>) -> Bool {
        usesIpset && addresses.intervals.count > Self.mostInlineAddresses
    }

    /// The rules of a box as they stand one below the other.
    mutating func rules(of box: LineBox, _ staged: StagedLine, _ asked: Asked) -> [Rule] {
        let comment = policy.comment(staged.line.origin)
        return [
            Rule(conditions(of: box, asked) + staged.conditions, [.counter], staged.verdict, comment: comment)
        ]
    }

    /// All rules of a line, for chains that ask line by line.
    mutating func rules(of staged: StagedLine, _ asked: Asked) -> [Rule] {
        LineBox.boxes(of: staged.line, owner: 0, in: family).flatMap { rules(of: $0, staged, asked) }
    }

    mutating func conditions(of box: LineBox, _ asked: Asked) -> [Condition] {
        var conditions: [Condition] = []
        if let source = box.source { conditions.append(among(source, .source)) }
        if let destination = box.destination { conditions.append(among(destination, asked.addressField)) }
        return conditions + conditionsBesideAddresses(of: box, asked)
    }

    func conditionsBesideAddresses(of box: LineBox, _ asked: Asked) -> [Condition] {
        var conditions: [Condition] = []
        if let patterns = box.inputInterfaces {
            conditions.append(.interface(.inputInterface, matches: patterns))
        }
        if let patterns = box.outputInterfaces {
            conditions.append(.interface(.outputInterface, matches: patterns))
        }
        if let transportProtocol = box.transportProtocol {
            conditions.append(.transportProtocol(transportProtocol))
            if !box.members.isFull && (transportProtocol.hasPorts || transportProtocol.hasTypes) {
                let field = transportProtocol.hasTypes ? Field.icmpTypeAndCode : asked.portField
                conditions.append(.field(field, in: box.members.asFieldValues))
            }
        }
        if let users = box.users { conditions.append(.field(.user, in: users)) }
        if let until = box.until { conditions.append(.before(until)) }
        return conditions
    }

    /// The address is one of these: a set for many, where there are sets.
    mutating func among(_ addresses: IntervalSet<UInt128>, _ field: Field) -> Condition {
        // A set looks at the packet; the address before NAT can only be asked for by itself.
        guard usesSet(addresses), field != .originalDestination else { return .field(field, in: addresses) }
        return .member([field], of: addressSet(addresses, field))
    }
}
