import Netfilter
import PacketModel

/// What nobody knows of a packet on its way, and what is taken for it.
extension Simulator {
    /// A number is that of ``Program/unknowns``, and above it how often something had become unknown before.
    static let unknownMask = 0xFFFF_FFFF

    /// Which of the answers is taken.
    mutating func choice(_ unknown: Int) -> Int {
        if let answer = assumptions[unknown] { return answer }
        if !trace.unknowns.contains(unknown) { trace.unknowns.append(unknown) }
        return 0
    }

    func choices(_ unknown: Int) -> Int { program.unknowns[unknown & Self.unknownMask].choices }

    mutating func isAssumed(_ unknown: Int) -> Bool { choice(unknown) == 1 }

    func isOpen(_ slot: UInt8) -> Bool { open >> UInt64(slot) & 1 == 1 }

    func isOpen(_ field: Field) -> Bool { isOpen(field.rawValue) }

    /// What a field that is not known is taken to answer; nil where a value was taken for it, which answers.
    mutating func openAnswer(_ test: Program.Test) -> Bool? {
        if test.slot == Field.destinationType.rawValue {
            takeDestinationType()
            return nil
        }
        return isAssumed(ofThisOpening(Int(test.open))) != test.isNegated
    }

    /// A value that was written later is another, so that its questions have other answers.
    func ofThisOpening(_ unknown: Int) -> Int { unknown | openings << 32 }

    /// Nobody knows these from here on.
    mutating func forget(_ fields: [Field]) {
        guard !fields.isEmpty else { return }
        openings += 1
        for field in fields where self[field] != nil { open |= 1 << UInt64(field.rawValue) }
        if isOpen(.destination) { open |= 1 << UInt64(Field.destinationType.rawValue) }
    }

    /// How a rule of which nobody knows what it does goes on.
    mutating func ending(of unknown: Int) -> UnknownAction.Ending {
        guard let action = program.unknowns[unknown].action else { return .next }
        // What can end in one way alone leaves nothing to ask.
        let ending = action.endings[action.endings.count == 1 ? 0 : choice(unknown)]
        forget(action.written)
        return ending
    }

    private mutating func takeDestinationType() {
        let isOwn: Bool
        if isOpen(.destination) {
            isOwn = program.delivery.map { isAssumed(ofThisOpening($0)) } ?? false
        } else {
            isOwn = program.ownAddress.map { isAssumed($0) } ?? false
            isTakenAsOwn = isOwn
        }
        set(.destinationType, UInt128((isOwn ? AddressType.local : .unicast).rawValue))
    }

    /// The interface of those that the rules tell apart.
    mutating func chooseInterface() {
        isWayOpen = false
        guard let way = program.way else { return }
        outputInterface = number(of: program.leavingBy[choice(way)])
    }
}
