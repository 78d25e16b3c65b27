import PacketModel
package import Policy

extension PolicyLine {
    /// An order of lines by what they say, so that their order in the file changes nothing.
    ///
    /// Lines that log or reject come before those that say the same in silence. Only lines with the same
    /// content are told apart by their place.
    package func precedes(_ other: PolicyLine) -> Bool {
        var order = Comparison()
        order.compare(direction.rawValue, other.direction.rawValue)
        order.compare(action.rawValue, other.action.rawValue)
        order.compare(log == nil ? 1 : 0, other.log == nil ? 1 : 0)
        order.compare(rejects ? 0 : 1, other.rejects ? 0 : 1)
        order.compare(services.canonical, other.services.canonical)
        order.compare(
            InterfacePattern.canonical(inputInterfaces),
            InterfacePattern.canonical(other.inputInterfaces)
        )
        order.compare(
            InterfacePattern.canonical(outputInterfaces),
            InterfacePattern.canonical(other.outputInterfaces)
        )
        for family in IPFamily.allCases {
            order.compare(source?[family].intervals, other.source?[family].intervals)
            order.compare(destination?[family].intervals, other.destination?[family].intervals)
        }
        order.compare(users?.intervals, other.users?.intervals)
        order.compare(until ?? .last, other.until ?? .last)
        order.compare(
            limit.map(String.init(describing:)) ?? "",
            other.limit.map(String.init(describing:)) ?? ""
        )
        order.compare(log.map(String.init(describing:)) ?? "", other.log.map(String.init(describing:)) ?? "")
        order.compare(origin.title, other.origin.title)
        order.compare(comment ?? "", other.comment ?? "")
        order.compare(origin.line, other.origin.line)
        return order.isLess
    }
}

extension [PolicyLine] {
    /// The lines in the order of ``PolicyLine/precedes(_:)``.
    package var inCanonicalOrder: [PolicyLine] { sorted { $0.precedes($1) } }
}

/// Compares piece by piece; the first difference decides.
private struct Comparison {
    private(set) var isLess = false
    private var isDecided = false

    mutating func compare<Value: Comparable>(
        _ left: @autoclosure () -> Value,
        _ right: @autoclosure () -> Value
    ) {
        guard !isDecided else { return }
        let (left, right) = (left(), right())
        if left != right { (isDecided, isLess) = (true, left < right) }
    }

    /// Nil comes first: what is not constrained.
    mutating func compare<Bound>(
        _ left: @autoclosure () -> [Interval<Bound>]?,
        _ right: @autoclosure () -> [Interval<Bound>]?
    ) {
        guard !isDecided else { return }
        switch (left(), right()) {
        case (nil, nil): return
        case (nil, _): (isDecided, isLess) = (true, true)
        case (_, nil): isDecided = true
        case (let left?, let right?):
            if left != right { (isDecided, isLess) = (true, left.lexicographicallyPrecedes(right)) }
        }
    }
}

extension InterfacePattern {
    fileprivate static func canonical(_ patterns: [InterfacePattern]?) -> String {
        patterns?.map(\.text).joined(separator: ",") ?? ""
    }
}

extension ServiceSet {
    fileprivate var canonical: String {
        if isAny { return "any" }
        return members.sorted { $0.key < $1.key }.map { transportProtocol, members in
            let ranges = members.intervals.map { "\(100_000 + Int($0.lower))-\(100_000 + Int($0.upper))" }
            return "\(1000 + Int(transportProtocol.number))/\(ranges.joined(separator: ","))"
        }.joined(separator: " ")
    }
}
