import Diagnostics

extension LoadedRuleset {
    /// The rules of the table that name a thing of the kernel which another rule, of any table, has made otherwise.
    func sharingErrors(in table: BuiltInTable) -> [Refusal] {
        var known: [Shared: ExtensionInstance] = [:]
        var errors: [Refusal] = []
        for loaded in tables.values where loaded.table != table { note(loaded, in: &known) }
        if let loaded = tables[table] {
            note(loaded, in: &known) { instance in
                errors.append(
                    Refusal(
                        "\(instance.syntax.role.rawValue).shared",
                        "another rule has the same name for \(instance.syntax.name), with other options",
                        at: instance.range
                    )
                )
            }
        }
        return errors
    }

    private struct Shared: Hashable {
        let syntax: String
        let name: OptionValue
    }

    private func note(
        _ table: LoadedTable,
        in known: inout [Shared: ExtensionInstance],
        conflict: (ExtensionInstance) -> Void = { _ in }
    ) {
        for chain in table.chains.values {
            for rule in chain.rules {
                guard case .target(let instance) = rule.action, let sharing = instance.syntax.sharing,
                    let name = instance[sharing.name]
                else { continue }
                let shared = Shared(syntax: instance.syntax.name, name: name)
                if let first = known[shared], sharing.others.contains(where: { first[$0] != instance[$0] }) {
                    conflict(instance)
                } else {
                    known[shared] = instance
                }
            }
        }
    }
}
