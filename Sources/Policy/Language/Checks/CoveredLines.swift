import Diagnostics
import PacketModel

/// Warns of an allow whose every packet another allow admits without a limit, and of a deny whose every packet another deny
/// turns away in the same way or before it.
enum CoveredLines {
    /// Every pair of lines would be compared. So many comparisons are made, and then this many for each line: what many
    /// lines say of many ports is not all looked at.
    static let comparisons = (10_000, perLine: 20)

    static func check(_ policy: Policy, _ reading: inout Reading) {
        let allows = policy.lines.filter { $0.action == .allow }
        check(allows, &reading) { allow, cover in
            // Without a limit those that log are asked first, and those with one last.
            allow.limit != nil || allow.log == nil || cover.log != nil
        }
        let denies = policy.lines.filter { $0.action == .deny }
        check(denies, &reading) { deny, cover in
            guard deny.isBan != cover.isBan else { return cover.refusalRank <= deny.refusalRank }
            // Bans are asked first, but spare the addresses of management.
            return cover.isBan && !(deny.direction == .inbound && policy.management.exemptSources != nil)
        }
    }

    /// `precedes` says whether a line that covers another is asked before it, or speaks as it does.
    private static func check(
        _ lines: [PolicyLine],
        _ reading: inout Reading,
        precedes: (_ line: PolicyLine, _ cover: PolicyLine) -> Bool
    ) {
        var left = comparisons.0 + comparisons.perLine * lines.count
        let index = ServiceIndex(lines)
        for (number, line) in lines.enumerated() where !line.followsNames {
            let cover = index.candidates(for: line.services).first { candidate in
                left -= 1
                let other = lines[candidate]
                guard left > 0, candidate != number, !other.followsNames, other.covers(line),
                    precedes(line, other)
                else { return false }
                // Of two lines that say the same the later is too much.
                return candidate < number || !line.covers(other) || !line.isLike(other)
            }
            if let cover { report(line, coveredBy: lines[cover], &reading) }
        }
    }

    private static func report(_ line: PolicyLine, coveredBy cover: PolicyLine, _ reading: inout Reading) {
        let what = line.limit == nil ? "this line changes nothing" : "this limit limits nothing"
        let how = line.action == .deny ? "denies all of it" : "admits all of it without a limit"
        reading.warn(
            "policy.line.covered",
            "\(what): line \(cover.origin.line) \(how)",
            at: reading.firstLine(of: line.origin.range),
            also: [
                (reading.firstLine(of: cover.origin.range), line.action == .deny ? "denies it" : "admits it")
            ]
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
    /// Both are asked at the same stage, so that either would do for the other.
    fileprivate func isLike(_ other: PolicyLine) -> Bool {
        (limit == nil) == (other.limit == nil) && isBan == other.isBan && rejects == other.rejects
            && (log == nil) == (other.log == nil)
    }

    /// Every packet of the other line is in this one too.
    func covers(_ other: PolicyLine) -> Bool {
        direction == other.direction
            && Self.covers(source, other.source) && Self.covers(destination, other.destination)
            && services.isSuperset(of: other.services)
            && InterfacePattern.covers(inputInterfaces, other.inputInterfaces)
            && InterfacePattern.covers(outputInterfaces, other.outputInterfaces)
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
