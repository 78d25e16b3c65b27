/// The values of the fields that a packet has.
package struct FieldValues: Sendable {
    /// In the order of ``Field``; what the packet has not is 0.
    private var values = InlineArray<40, UInt128>(repeating: 0)
    /// A bit for each field that is there.
    package private(set) var present: UInt64 = 0

    package init() {}

    package subscript(field: Field) -> UInt128? {
        get { value(at: Int(field.rawValue)) }
        set {
            let slot = Int(field.rawValue)
            values[slot] = newValue ?? 0
            if newValue == nil { present &= ~(1 << UInt64(slot)) } else { present |= 1 << UInt64(slot) }
        }
    }

    /// By the raw value of the field.
    package func value(at slot: Int) -> UInt128? {
        present >> UInt64(slot) & 1 == 1 ? values[slot] : nil
    }
}

extension FieldValues: Hashable {
    package static func == (left: FieldValues, right: FieldValues) -> Bool {
        left.present == right.present
            && left.values.indices.allSatisfy { left.values[$0] == right.values[$0] }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(present)
        for slot in values.indices { hasher.combine(values[slot]) }
    }
}
