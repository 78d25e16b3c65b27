import Diagnostics

/// `interfaces:`, names for interfaces.
enum InterfacesSection {
    /// Gives nothing: the names are found in ``Reading/interfaces``.
    static var form: Form<Defined> {
        let item = Form.interfacePatterns
        let entries = Form<[YAMLEntry]>.definitions(of: item.schema, noun: "names with their interfaces")
        return Form(schema: entries.schema) { node, reading in
            guard let entries = entries.read(node, &reading) else { return nil }
            for entry in entries {
                // A name whose value is wrong is still a name: its uses are not wrong too.
                reading.interfaces[entry.key] = item.read(entry.value, &reading) ?? []
            }
            return Defined()
        }
    }
}
