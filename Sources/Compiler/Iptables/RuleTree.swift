import Netfilter
import PacketModel
import Policy

/// A rule, and the box of packets around what it speaks of.
struct Atom {
    /// Nil where the rule does not ask.
    var source: Interval<UInt128>?
    var destination: Interval<UInt128>?
    var transportProtocol: IPProtocol?
    /// From the lowest to the highest port; nil where the rule does not ask.
    var ports: Interval<UInt128>?
    var rule: Rule
}

/// A balanced tree of chains: a packet is asked a few ranges on its way to a leaf with a few rules.
///
/// The rules of a tree may be asked in any order: one whose box spans several children stands in each of
/// them, and one that cannot be told apart stands before the question.
struct RuleTree {
    private enum Dimension: CaseIterable {
        case source
        case destination
        case transportProtocol
        case port
    }

    /// So often a rule may stand in a level of chains, in the mean.
    private static let mostCopies = 4
    /// A chain of rules that is short enough to be asked one by one.
    private static let leaf = 8

    let stem: String
    let asked: Asked
    /// Where packets go that no rule decides.
    let otherwise: String

    /// The levels of chains that a tree of so many rules should have, its root among them.
    static func levels(for count: Int) -> Int {
        count <= 1_000 ? 2 : 3
    }

    /// Writes the root into `chain`, which ends there, and up to `levels - 1` levels of chains below it.
    func write(_ atoms: [Atom], levels: Int, into chain: String, in chains: inout ChainBook) {
        defer { chains.add(Rule([], [], .goto(otherwise)), to: chain) }
        guard atoms.count > Self.leaf, levels > 1, let split = bestSplit(of: atoms, levels: levels) else {
            chains.add(atoms.map(\.rule), to: chain)
            return
        }
        chains.add(split.undivided.map(\.rule), to: chain)
        for child in split.children {
            if child.atoms.count == 1 {
                chains.add(child.atoms.map(\.rule), to: chain)
                continue
            }
            let name = chains.startNext(stem)
            write(child.atoms, levels: levels - 1, into: name, in: &chains)
            chains.add(Rule(child.conditions, [], .goto(name)), to: chain)
        }
    }

    private struct Split {
        var children: [(conditions: [Condition], atoms: [Atom])]
        var undivided: [Atom]

        /// The rules that a packet may have to pass: less is better.
        var cost: Int { undivided.count + (children.map(\.atoms.count).max() ?? 0) }
        var size: Int { undivided.count + children.reduce(0) { $0 + $1.atoms.count } }
    }

    private func bestSplit(of atoms: [Atom], levels: Int) -> Split? {
        let leaves = Double(atoms.count) / Double(Self.leaf)
        var fanOut = 2
        while pow(fanOut, levels - 1) < leaves { fanOut += 1 }
        var best: Split?
        for dimension in Dimension.allCases {
            // Rules that span many children would be written too often; then they are better asked in a row.
            guard let split = split(atoms, by: dimension, fanOut: fanOut),
                split.size <= Self.mostCopies * atoms.count,
                split.cost < best?.cost ?? atoms.count
            else { continue }
            best = split
        }
        return best
    }

    private func pow(_ base: Int, _ exponent: Int) -> Double {
        (0..<exponent).reduce(1.0) { power, _ in power * Double(base) }
    }

    private func split(_ atoms: [Atom], by dimension: Dimension, fanOut: Int) -> Split? {
        let divided = atoms.compactMap { atom in
            interval(of: atom, in: dimension).map { (interval: $0, atom: atom) }
        }
        guard divided.count > 1 else { return nil }
        // A port means something beside its protocol only.
        if dimension == .port, Set(divided.map(\.atom.transportProtocol)).count > 1 { return nil }
        let cuts = cuts(
            divided.map(\.interval),
            count: dimension == .transportProtocol ? divided.count : fanOut
        )
        guard cuts.count > 1 else { return nil }
        var size = 0
        var members: [[(interval: Interval<UInt128>, atom: Atom)]] = Array(repeating: [], count: cuts.count)
        for item in divided {
            var place = Self.place(of: item.interval.lower, in: cuts)
            while place < cuts.count && (place == 0 || cuts[place] <= item.interval.upper) {
                members[place].append(item)
                place += 1
                // It would not be taken; to find that out must not take longer than the rules are many.
                size += 1
                guard size <= Self.mostCopies * atoms.count else { return nil }
            }
        }
        let children = cuts.indices.compactMap { index in
            child(members[index], cuts[index], index + 1 < cuts.count ? cuts[index + 1] - 1 : nil, dimension)
        }
        return Split(children: children, undivided: atoms.filter { interval(of: $0, in: dimension) == nil })
    }

    /// The last cut that is not above the value.
    private static func place(of value: UInt128, in cuts: [UInt128]) -> Int {
        var (low, high) = (0, cuts.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if cuts[middle] <= value { low = middle } else { high = middle - 1 }
        }
        return low
    }

    private func child(
        _ inside: [(interval: Interval<UInt128>, atom: Atom)],
        _ lower: UInt128,
        _ upper: UInt128?,
        _ dimension: Dimension
    ) -> (conditions: [Condition], atoms: [Atom])? {
        guard let first = inside.map(\.interval.lower).min(), let last = inside.map(\.interval.upper).max(),
            let span = Interval(max(first, lower), min(last, upper ?? .max))
        else { return nil }
        let atoms = inside.map(\.atom)
        let values = IntervalSet(span)
        let conditions: [Condition] =
            switch dimension {
            case .source: [.field(.source, in: values)]
            case .destination: [.field(asked.addressField, in: values)]
            case .transportProtocol: [.field(.transportProtocol, in: values)]
            case .port:
                [atoms.first?.transportProtocol.map { .transportProtocol($0) }].compactMap(\.self)
                    + [.field(asked.portField, in: values)]
            }
        return (conditions, atoms)
    }

    /// Where children begin: at quantiles of where the intervals begin.
    private func cuts(_ intervals: [Interval<UInt128>], count: Int) -> [UInt128] {
        let lowers = intervals.map(\.lower).sorted()
        var result: [UInt128] = []
        for index in 0..<count {
            let cut = lowers[index * lowers.count / count]
            if result.last != cut { result.append(cut) }
        }
        return result
    }

    private func interval(of atom: Atom, in dimension: Dimension) -> Interval<UInt128>? {
        switch dimension {
        case .source: atom.source
        case .destination: atom.destination
        case .transportProtocol: atom.transportProtocol.map { Interval(UInt128($0.number)) }
        case .port: atom.ports
        }
    }
}
