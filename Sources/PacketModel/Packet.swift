/// A packet at one point of its way, with what connection tracking says of it.
package struct Packet: Hashable, Sendable {
    package var family: IPFamily
    package var inputInterface: String?
    package var outputInterface: String?
    /// A field that is missing matches nothing, negated or not.
    package var values: FieldValues

    package init(
        family: IPFamily,
        inputInterface: String? = nil,
        outputInterface: String? = nil,
        values: FieldValues = FieldValues()
    ) {
        self.family = family
        self.inputInterface = inputInterface
        self.outputInterface = outputInterface
        self.values = values
        self.values[.family] = UInt128(family.version)
    }

    @inlinable package subscript(field: Field) -> UInt128? {
        get { values[field] }
        set { values[field] = newValue }
    }

    /// The name of the interface that a field stands for.
    package func interface(_ field: Field) -> String? {
        switch field {
        case .inputInterface: inputInterface
        case .outputInterface: outputInterface
        default: nil
        }
    }
}
