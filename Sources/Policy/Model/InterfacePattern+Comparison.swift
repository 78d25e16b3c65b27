import PacketModel

extension InterfacePattern {
    /// Whether one name may match both.
    func overlaps(_ other: InterfacePattern) -> Bool {
        switch (isWildcard, other.isWildcard) {
        case (false, _): other.matches(text)
        case (_, false): matches(other.text)
        case (true, true): stem.hasPrefix(other.stem) || other.stem.hasPrefix(stem)
        }
    }

    /// Every name that matches the other matches this one too.
    func covers(_ other: InterfacePattern) -> Bool {
        self == other || isWildcard && other.stem.hasPrefix(stem)
    }

    /// Whether one name may be in both lists; nil is every name.
    static func meet(_ left: [InterfacePattern]?, _ right: [InterfacePattern]?) -> Bool {
        guard let left, let right else { return true }
        return left.contains { mine in right.contains { $0.overlaps(mine) } }
    }

    /// Every name of the other list is in this one too; nil is every name.
    static func covers(_ mine: [InterfacePattern]?, _ theirs: [InterfacePattern]?) -> Bool {
        guard let mine else { return true }
        guard let theirs else { return false }
        return theirs.allSatisfy { pattern in mine.contains { $0.covers(pattern) } }
    }
}
