/// A packet at one point of its way, with what connection tracking says of it.
package struct Packet: Hashable, Sendable {
    package var family: IPFamily
    package var inputInterface: String?
    package var outputInterface: String?
    /// The fields that the packet has; a field that is missing matches nothing, negated or not.
    package var values: [Field: UInt128]

    package init(
        family: IPFamily,
        inputInterface: String? = nil,
        outputInterface: String? = nil,
        values: [Field: UInt128] = [:]
    ) {
        self.family = family
        self.inputInterface = inputInterface
        self.outputInterface = outputInterface
        self.values = values
        self.values[.family] = UInt128(family.version)
    }

    package subscript(field: Field) -> UInt128? {
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
