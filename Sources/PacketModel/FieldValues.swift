/// The values of the fields that a packet has.
///
/// Read and written for every packet that is run, by other modules too: hence what is inlinable.
package struct FieldValues: Sendable {
    /// A place for each field that ``present`` has a bit for, in the order of ``Field``; what the packet has not is 0.
    @usableFromInline var values = InlineArray<64, UInt128>(repeating: 0)
    /// A bit for each field that is there.
    @usableFromInline package internal(set) var present: UInt64 = 0

    package init() {}

    /// So many fields there may be; a test holds ``Field`` against it.
    package static let mostFields = UInt64.bitWidth

    @inlinable package subscript(field: Field) -> UInt128? {
        get { value(at: Int(field.rawValue)) }
        set {
            let slot = Int(field.rawValue)
            values[slot] = newValue ?? 0
            if newValue == nil { present &= ~(1 << UInt64(slot)) } else { present |= 1 << UInt64(slot) }
        }
    }

    @usableFromInline func value(at slot: Int) -> UInt128? {
        // By the span: the subscript of the array would copy all of it.
        present >> UInt64(slot) & 1 == 1 ? values.span[slot] : nil
    }

    /// Puts what is there at the places of the raw values of the fields; a bit is set in the result for each.
    package func copy(to places: inout [UInt128]) -> UInt64 {
        let (all, present) = (values.span, present)
        var rest = present
        while rest != 0 {
            let slot = rest.trailingZeroBitCount
            places[slot] = all[slot]
            rest &= rest - 1
        }
        return present
    }
}

extension FieldValues: Hashable {
    package static func == (left: FieldValues, right: FieldValues) -> Bool {
        left.present == right.present
            && left.values.indices.allSatisfy { left.values[$0] == right.values[$0] }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(present)
        var rest = present
        while rest != 0 {
            hasher.combine(values.span[rest.trailingZeroBitCount])
            rest &= rest - 1
        }
    }
}
