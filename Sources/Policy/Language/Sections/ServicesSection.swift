import Diagnostics
import PacketModel

/// `services:`, the policy's own services.
enum ServicesSection {
    /// Gives nothing: the services are found by name in ``Reading/services``.
    static var form: Form<Defined> {
        let entries = Form<[YAMLEntry]>.definitions(
            of: Form.services.schema,
            noun: "names with their services"
        )
        return Form(schema: entries.schema) { node, reading in
            guard let entries = entries.read(node, &reading) else { return nil }
            for entry in entries where isFree(entry, &reading) { reading.services.define(entry) }
            for entry in entries {
                _ = reading.value(of: entry.key, in: \.services, at: entry.keyRange) {
                    Form.services.read($0, &$1)
                }
            }
            return Defined()
        }
    }

    private static func isFree(_ entry: YAMLEntry, _ reading: inout Reading) -> Bool {
        if entry.key == "any" || IPProtocol(name: entry.key) != nil {
            let message = "`\(entry.key)` is built in and cannot be redefined"
            reading.report("policy.service.reserved", message, at: entry.keyRange)
            return false
        }
        if let known = ServiceCatalogue.named(entry.key) {
            reading.warn(
                "policy.service.hides",
                "this hides the service `\(entry.key)` of the catalogue",
                at: entry.keyRange,
                notes: ["there it is: \(known.summary)"]
            )
        }
        return true
    }
}

/// Definitions were read.
struct Defined {}
