import Diagnostics
import PacketModel

/// Warns of an allow whose every packet another allow admits without a limit.
enum CoveredLines {
    /// Every pair of lines is compared; beyond this that takes too long.
    static let mostLines = 2_000

    static func check(_ lines: [PolicyLine], _ reading: inout Reading) {
        guard lines.count <= mostLines else { return }
        let allows = lines.filter { $0.action == .allow }
        let unlimited = allows.enumerated().filter { $0.element.limit == nil }
        for (index, line) in allows.enumerated() where line.log == nil {
            let cover = unlimited.first { candidate in
                guard candidate.offset != index, candidate.element.covers(line) else { return false }
                // Of two lines that say the same the later is too much.
                return candidate.offset < index || line.limit != nil || !line.covers(candidate.element)
            }
            guard let cover = cover?.element else { continue }
            let what = line.limit == nil ? "this line changes nothing" : "this limit limits nothing"
            reading.warn(
                "policy.line.covered",
                "\(what): line \(cover.origin.line) admits all of it without a limit",
                at: reading.firstLine(of: line.origin.range),
                also: [(reading.firstLine(of: cover.origin.range), "admits it")]
            )
        }
    }
}

extension PolicyLine {
    /// Every packet of the other line is in this one too.
    fileprivate func covers(_ other: PolicyLine) -> Bool {
        direction == other.direction && services.isSuperset(of: other.services)
            && Self.covers(source, other.source) && Self.covers(destination, other.destination)
            && Self.covers(inputInterfaces, other.inputInterfaces)
            && Self.covers(outputInterfaces, other.outputInterfaces)
            && Self.covers(users, other.users)
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
