import PacketModel

/// What there is to know about the syntax of one match or target: its table of options, and where it may stand.
///
/// A class, because every rule refers to it and none changes it.
package final class ExtensionSyntax: Sendable {
    package enum Role: String, Sendable {
        case match
        case target
    }

    let name: String
    let role: Role
    let families: Set<IPFamily>
    /// In the order in which iptables-save prints them.
    package let options: [OptionSyntax]
    /// What the rule must ask for with `-p`; nil when it does not matter.
    let protocols: ProtocolNeed?
    /// The tables that the kernel takes it in; nil for all.
    let tables: Set<BuiltInTable>?
    /// The hooks that the kernel takes it at, also by way of chains of the user; nil for all.
    let hooks: Set<BuiltInChain>?
    /// The kernel has an expression of its own for it: several in one rule are one, at the place of the first.
    let mergesInKernel: @Sendable (ExtensionInstance) -> Bool
    /// `complete` leaves the options in the order in which they are printed, which is not that of the table.
    let arrangesItself: Bool
    /// Once such a rule is there the kernel tracks connections for the family, or at least puts fragments together as it
    /// does for that (`nf_ct_netns_get` or `nf_defrag_ipv4_enable` in the check of the extension).
    let tracksConnections: @Sendable (ExtensionInstance) -> Bool
    /// One of these options must be there; empty when none must.
    let oneOf: [String]
    /// The places of these in the table of options.
    let placesOfOneOf: [Int]
    /// The places of options that must be there, or that exclude or need others.
    let placesToJudge: [Int]
    /// The kernel has one thing for all rules that give the option `name` the same value; of the others they must say
    /// the same.
    let sharing: (name: String, others: [String])?
    /// Judges the options together and puts them into the form that the kernel gives back.
    let complete: @Sendable (inout ExtensionInstance, ReadingContext) throws(Refusal) -> Void
    /// Rules to try; the first says what must stand before it.
    package let examples: [String]
    private let index: [String: Int]

    init(
        _ name: String,
        _ role: Role,
        families: Set<IPFamily> = [.ipv4, .ipv6],
        options: [OptionSyntax] = [],
        protocols: ProtocolNeed? = nil,
        tables: Set<BuiltInTable>? = nil,
        hooks: Set<BuiltInChain>? = nil,
        mergesInKernel: @escaping @Sendable (ExtensionInstance) -> Bool = { _ in false },
        tracksConnections: @escaping @Sendable (ExtensionInstance) -> Bool = { _ in false },
        arrangesItself: Bool = false,
        oneOf: [String] = [],
        sharing: (name: String, others: [String])? = nil,
        complete: @escaping @Sendable (inout ExtensionInstance, ReadingContext) throws(Refusal) -> Void = {
            _,
            _ in
        },
        examples: [String]
    ) {
        self.name = name
        self.role = role
        self.families = families
        self.options = options
        self.protocols = protocols
        self.tables = tables
        self.hooks = hooks
        self.mergesInKernel = mergesInKernel
        self.tracksConnections = tracksConnections
        self.arrangesItself = arrangesItself
        self.oneOf = oneOf
        self.sharing = sharing
        self.complete = complete
        self.examples = examples
        var index: [String: Int] = [:]
        for (place, option) in options.enumerated() {
            for name in [option.name] + option.aliases { index[name] = place }
        }
        self.index = index
        placesOfOneOf = oneOf.compactMap { index[$0] }
        placesToJudge = options.indices.filter { place in
            options[place].isMandatory || !options[place].excludes.isEmpty || !options[place].requires.isEmpty
        }
    }

    /// The place of an option in the table, by any of its names.
    func option(_ name: String) -> Int? { index[name] }

    var optionNames: some Sequence<String> { index.keys }

    func place(_ name: String) -> Int { index[name] ?? options.endIndex }
}

/// The protocols that an extension works on.
package struct ProtocolNeed: Sendable {
    let numbers: Set<UInt8>
    /// `! -p tcp` will do (the tool asks for the number alone), though no packet can match.
    let allowsNegation: Bool
    /// How it is asked for.
    let text: String

    init(_ numbers: Set<UInt8>, allowsNegation: Bool = false, _ text: String) {
        self.numbers = numbers
        self.allowsNegation = allowsNegation
        self.text = text
    }

    static let tcp = ProtocolNeed([6], "-p tcp")

    func admits(_ asked: ProtocolTest?) -> Bool {
        guard let asked, numbers.contains(asked.number) else { return false }
        return allowsNegation || !asked.isNegated
    }
}
