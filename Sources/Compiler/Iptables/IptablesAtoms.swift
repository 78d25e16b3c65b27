import Diagnostics
import Netfilter
import PacketModel
import Policy

extension IptablesLowering {
    /// More rules than this are refused.
    private static let mostAtoms = 2_000_000

    /// One atom for each pair of addresses and each list of ports of a box.
    mutating func atoms(
        of boxes: [LineBox],
        _ lines: [StagedLine],
        _ asked: Asked
    ) throws(Diagnostic) -> [Atom] {
        var atoms: [Atom] = []
        for box in boxes {
            let staged = lines[box.owner]
            let comment = policy.comment(staged.line.origin)
            // Behind a set the address is no range: such a rule stands where addresses are not told apart.
            let sources = spans(box.source)
            let destinations = spans(box.destination)
            let lists = box.portLists(asked)
            guard atoms.count + sources.count * destinations.count * lists.count <= Self.mostAtoms else {
                throw tooMany
            }
            for source in sources {
                for destination in destinations {
                    for list in lists {
                        var part = box
                        part.members = list
                        if let source { part.source = IntervalSet(source) }
                        if let destination { part.destination = IntervalSet(destination) }
                        let rule = Rule(
                            conditions(of: part, asked) + staged.conditions,
                            [.counter],
                            staged.verdict,
                            comment: comment
                        )
                        atoms.append(
                            Atom(
                                source: source,
                                destination: destination,
                                transportProtocol: box.transportProtocol,
                                ports: box.hasPorts ? list.hull : nil,
                                rule: rule
                            )
                        )
                    }
                }
            }
        }
        return atoms
    }

    private func spans(_ addresses: IntervalSet<UInt128>?) -> [Interval<UInt128>?] {
        guard let addresses, !usesSet(addresses) else { return [nil] }
        return addresses.intervals
    }

    private var tooMany: Diagnostic {
        Diagnostic(
            code: "policy.iptables.rules",
            "the lines need more than \(Self.mostAtoms) rules of iptables",
            notes: ["the addresses of one line times its services count, each pair once"],
            fix: usesIpset ? "use the nftables backend" : "install ipset, or use the nftables backend"
        )
    }
}

extension IntervalSet where Bound == UInt16 {
    /// From the lowest to the highest member.
    fileprivate var hull: Interval<UInt128>? {
        guard let first = intervals.first, let last = intervals.last else { return nil }
        return Interval(UInt128(first.lower), UInt128(last.upper))
    }
}

extension [Atom] {
    /// What one tree can tell apart: by source, by destination, by protocol and port; and what none can.
    fileprivate var groupsByDimension: [[Atom]] {
        var groups: [[Atom]] = [[], [], [], []]
        for atom in self {
            let group =
                atom.source != nil ? 0 : atom.destination != nil ? 1 : atom.transportProtocol != nil ? 2 : 3
            groups[group].append(atom)
        }
        return groups.filter { !$0.isEmpty }
    }

    /// The largest group first: where the levels do not suffice for all, the small ones are asked in a row.
    var groupedForTrees: [[Atom]] {
        groupsByDimension.enumerated()
            .sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }.map(\.element)
    }
}
