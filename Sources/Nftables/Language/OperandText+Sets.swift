extension OperandText {
    /// What a map has for a key.
    func describe(_ key: Operand, map name: String) -> DescribedOperand? {
        guard let map = sets[name], let value = describe(key), !map.dataParts.isEmpty else { return nil }
        let parts = map.dataParts
        return DescribedOperand(
            text: "\(value.text) map \(reference(map, value.parts))",
            parts: parts,
            needs: value.needs
        )
    }

    /// A set in a rule: by its name, or with all that is in it.
    func reference(_ set: KernelSet, _ parts: [DescribedOperand.Part]) -> String {
        guard set.isAnonymous else { return "@\(set.name)" }
        let texts = SetText(set: set, parts: parts, values: values).elements
        return "{ \(texts.joined(separator: ", ")) }"
    }
}
