import Diagnostics
import PacketModel

/// `interfaces:`, names for interfaces.
enum InterfacesSection {
    /// Gives nothing: the names are found in ``Reading/interfaces``.
    static var form: Form<Defined> {
        let item = Form.interfaces
        let entries = Form<[YAMLEntry]>.definitions(of: item.schema, noun: "names with their interfaces")
        return Form(schema: entries.schema) { node, reading in
            let names = LineRewrite.texts(of: node)
            if node.entry(names.first ?? "") == nil, !node.isNull,
                names.allSatisfy({ InterfacePattern($0) != nil })
            {
                let message = "expected names with their interfaces"
                let fix = reading.mappingFix(
                    ["{lan: \(Reading.list(names.map(YAMLText.scalar)))}"],
                    inPlaceOf: node
                )
                reading.report("policy.value.type", message, at: reading.firstLine(of: node), fix: fix)
                return nil
            }
            guard let entries = entries.read(node, &reading) else { return nil }
            for entry in entries { reading.interfaces.define(entry) }
            for entry in entries { _ = reading.interfaces(named: entry.key, at: entry.keyRange) }
            return Defined()
        }
    }
}
