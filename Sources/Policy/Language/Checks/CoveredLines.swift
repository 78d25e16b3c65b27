import Diagnostics
import PacketModel

/// Warns of an allow whose every packet another allow admits without a limit.
enum CoveredLines {
    /// Every pair of lines would be compared. So many comparisons are made, and then this many for each line: what many
    /// lines say of many ports is not all looked at.
    static let comparisons = (10_000, perLine: 20)

    static func check(_ lines: [PolicyLine], _ reading: inout Reading) {
        var left = comparisons.0 + comparisons.perLine * lines.count
        let allows = lines.filter { $0.action == .allow }
        let index = ServiceIndex(allows)
        for (number, line) in allows.enumerated() where line.log == nil && !line.followsNames {
            let cover = index.candidates(for: line.services).first { candidate in
                left -= 1
                guard left > 0, candidate != number, !allows[candidate].followsNames,
                    allows[candidate].covers(line)
                else { return false }
                // Of two lines that say the same the later is too much.
                return candidate < number || line.limit != nil || !line.covers(allows[candidate])
            }
            if let cover { report(line, coveredBy: allows[cover], &reading) }
        }
    }

    private static func report(_ line: PolicyLine, coveredBy cover: PolicyLine, _ reading: inout Reading) {
        let what = line.limit == nil ? "this line changes nothing" : "this limit limits nothing"
        reading.warn(
            "policy.line.covered",
            "\(what): line \(cover.origin.line) admits all of it without a limit",
            at: reading.firstLine(of: line.origin.range),
            also: [(reading.firstLine(of: cover.origin.range), "admits it")]
        )
    }
}

/// Finds the lines without a limit that may cover a line, by the first thing that it admits.
private struct ServiceIndex {
    private struct Member: Hashable {
        let transport: IPProtocol
        let value: UInt16
    }

    /// Lines of few ports, by each of them; the others are candidates for all.
    private var byMember: [Member: [Int]] = [:]
    private var wide: [Int] = []
    private static let mostMembers = 16

    init(_ lines: [PolicyLine]) {
        for (number, line) in lines.enumerated() where line.limit == nil {
            if let members = Self.members(of: line.services) {
                for member in members { byMember[member, default: []].append(number) }
            } else {
                wide.append(number)
            }
        }
    }

    /// In the order of the lines.
    func candidates(for services: ServiceSet) -> [Int] {
        let first = services.members.min { $0.key < $1.key }.flatMap { transport, values in
            values.intervals.first.map { Member(transport: transport, value: $0.lower) }
        }
        guard let first, let few = byMember[first] else { return wide }
        return wide.isEmpty ? few : (few + wide).sorted()
    }

    /// Nil when there are many.
    private static func members(of services: ServiceSet) -> [Member]? {
        if services.isAny { return nil }
        var members: [Member] = []
        for (transport, values) in services.members {
            for interval in values.intervals {
                let count = Int(interval.upper) - Int(interval.lower) + 1
                guard members.count + count <= mostMembers else { return nil }
                members += (interval.lower...interval.upper).map { Member(transport: transport, value: $0) }
            }
        }
        return members
    }
}

extension PolicyLine {
    /// Every packet of the other line is in this one too.
    fileprivate func covers(_ other: PolicyLine) -> Bool {
        direction == other.direction
            && Self.covers(source, other.source) && Self.covers(destination, other.destination)
            && services.isSuperset(of: other.services)
            && Self.covers(inputInterfaces, other.inputInterfaces)
            && Self.covers(outputInterfaces, other.outputInterfaces)
            && Self.covers(users, other.users)
            && until ?? .last >= other.until ?? .last
    }

    private static func covers(_ mine: AddressSet?, _ theirs: AddressSet?) -> Bool {
        guard let mine else { return true }
        guard let theirs else { return false }
        return IPFamily.allCases.allSatisfy { mine[$0].isSuperset(of: theirs[$0]) }
    }

    private static func covers(_ mine: IntervalSet<UInt32>?, _ theirs: IntervalSet<UInt32>?) -> Bool {
        guard let mine else { return true }
        return theirs.map(mine.isSuperset) ?? false
    }

    private static func covers(_ mine: [InterfacePattern]?, _ theirs: [InterfacePattern]?) -> Bool {
        guard let mine else { return true }
        guard let theirs else { return false }
        return theirs.allSatisfy { pattern in
            mine.contains { $0 == pattern || ($0.isWildcard && pattern.stem.hasPrefix($0.stem)) }
        }
    }
}

extension ServiceSet {
    fileprivate func isSuperset(of other: ServiceSet) -> Bool {
        if isAny { return true }
        if other.isAny { return false }
        return other.members.allSatisfy { transport, theirs in
            guard let mine = members[transport] else { return false }
            return mine == theirs || mine.isSuperset(of: theirs)
        }
    }
}
