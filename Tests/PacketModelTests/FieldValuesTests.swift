import PacketModel
import Testing

/// Every field has a place of its own.
@Suite struct FieldValuesTests {
    @Test func `there is room for every field`() {
        #expect(Field.allCases.count <= FieldValues.mostFields)
        // Each is found at its raw value.
        #expect(Field.allCases.map { Int($0.rawValue) } == Array(0..<Field.allCases.count))
    }

    @Test(arguments: Field.allCases) func `a field keeps its value beside all others`(field: Field) {
        var values = FieldValues()
        for other in Field.allCases { values[other] = UInt128(other.rawValue) + 1 }
        values[field] = .max
        for other in Field.allCases {
            #expect(values[other] == (other == field ? .max : UInt128(other.rawValue) + 1))
        }
        values[field] = nil
        #expect(values[field] == nil)
        var places = [UInt128](repeating: 0, count: Field.allCases.count)
        #expect(values.copy(to: &places) >> UInt64(field.rawValue) & 1 == 0)
    }
}
