import PacketModel
import Policy

/// Interfaces in few words.
struct InterfaceWords {
    let classes: InterfaceClasses
    let loopback: IntervalSet<UInt64>
    /// Classes that have a name of their own: the bridges of containers.
    private let bridges: IntervalSet<UInt64>

    init(_ classes: InterfaceClasses, bridges: [InterfacePattern]) {
        self.classes = classes
        loopback = classes.classes(of: [InterfacePattern("lo")].compactMap(\.self))
        self.bridges = bridges.isEmpty ? [] : classes.classes(of: bridges)
    }

    func isBridges(_ set: IntervalSet<UInt64>) -> Bool { set == bridges }

    /// `eth0`, `eth* but not eth1`, `every interface but the bridges`; nil for every interface.
    func text(_ set: IntervalSet<UInt64>) -> String? {
        if set == classes.all { return nil }
        if !bridges.isEmpty {
            if set == bridges { return "the bridges" }
            let others = classes.all.subtracting(bridges)
            if set == others || set == others.subtracting(loopback) {
                return "every interface but the bridges"
            }
        }
        let begins = set.contains(0)
        var (included, excluded): ([String], [String]) = ([], [])
        for (place, pattern) in classes.patterns.enumerated() {
            let isInside = set.contains(UInt64(place + 1))
            let isOuterInside = classes.outer(of: place).map { set.contains(UInt64($0 + 1)) } ?? begins
            if isInside && !isOuterInside { included.append(pattern.text) }
            if !isInside && isOuterInside { excluded.append(pattern.text) }
        }
        if begins {
            let exceptions = included.isEmpty ? "" : ", and \(WordList.text(included))"
            return "every interface but \(WordList.text(excluded))\(exceptions)"
        }
        return WordList.text(included) + (excluded.isEmpty ? "" : " but not \(WordList.text(excluded))")
    }
}
