/// One option of an extension, as its manual has it.
package final class OptionSyntax: Sendable {
    /// The name that iptables-save prints, without dashes.
    let name: String
    /// Other names for the same.
    let aliases: [String]
    let value: ValueSyntax
    let isMandatory: Bool
    let isInvertible: Bool
    /// May be there several times; the values are kept in order.
    let isRepeatable: Bool
    /// The names of options that it cannot stand beside.
    let excludes: [String]
    /// The names of options that must be there too.
    let requires: [String]
    /// What the tool warns about, though it takes it.
    let warning: @Sendable (OptionValue) -> String?

    init(
        _ name: String,
        aliases: [String] = [],
        _ value: ValueSyntax,
        mandatory: Bool = false,
        invertible: Bool = false,
        repeatable: Bool = false,
        excludes: [String] = [],
        requires: [String] = [],
        warning: @escaping @Sendable (OptionValue) -> String? = { _ in nil }
    ) {
        self.name = name
        self.aliases = aliases
        self.value = value
        isMandatory = mandatory
        isInvertible = invertible
        isRepeatable = repeatable
        self.excludes = excludes
        self.requires = requires
        self.warning = warning
    }
}
