package import Diagnostics

/// A match or target of a rule, with what its options were given.
package struct ExtensionInstance: Sendable {
    package struct Given: Hashable, Sendable {
        /// Its place in the table of options.
        package var option: Int
        package var value: OptionValue
        package var isNegated = false
    }

    package let syntax: ExtensionSyntax
    /// In the order in which they are printed once the rule is read.
    package var given: [Given] = []
    /// The places of options whose values nobody knows.
    var open: Set<Int> = []
    /// The kernel gives nothing back for it.
    var vanishes = false
    /// From `-m` or `-j` to the name.
    package let range: SourceRange

    subscript(_ name: String) -> OptionValue? {
        let place = syntax.place(name)
        return given.first { $0.option == place }?.value
    }

    func has(_ name: String) -> Bool { self[name] != nil }

    func isNegated(_ name: String) -> Bool {
        let place = syntax.place(name)
        return given.contains { $0.option == place && $0.isNegated }
    }

    /// Gives an option a value instead of the one that it has.
    mutating func set(_ name: String, _ value: OptionValue, negated: Bool = false) {
        remove(name)
        given.append(Given(option: syntax.place(name), value: value, isNegated: negated))
    }

    mutating func remove(_ names: String...) {
        let places = names.map(syntax.place)
        given.removeAll { places.contains($0.option) }
    }

    /// Of an option that was given several times the last counts.
    mutating func keepLast(of name: String) {
        let place = syntax.place(name)
        guard let last = given.lastIndex(where: { $0.option == place }) else { return }
        let kept = given[last]
        given.removeAll { $0.option == place }
        given.append(kept)
    }

    /// Leaves one of an option that stands there several times and says the same each time.
    mutating func collapse(_ name: String, keepsNegated: Bool = false) {
        let place = syntax.place(name)
        let kept = given.first { $0.option == place && $0.isNegated == keepsNegated }
        remove(name)
        if let kept { given.append(kept) }
    }

    /// Says an option by another name, if it is there.
    mutating func rename(_ name: String, to other: String, _ change: (OptionValue) -> OptionValue = { $0 }) {
        guard let value = self[name] else { return }
        let negated = isNegated(name)
        remove(name)
        set(other, change(value), negated: negated)
    }

    /// Leaves out an option that says what holds anyway.
    mutating func remove(_ name: String, ifEqual value: OptionValue) {
        if self[name] == value, !isNegated(name) { remove(name) }
    }

    /// Judges the options against the table, then together.
    mutating func finish(_ context: ReadingContext) throws(Refusal) {
        for place in syntax.placesToJudge {
            let option = syntax.options[place]
            guard given.contains(where: { $0.option == place }) else {
                guard option.isMandatory else { continue }
                throw Refusal(
                    "\(syntax.role.rawValue).option.missing",
                    "\(syntax.name) needs --\(option.name)",
                    fix: "write --\(option.name)"
                )
            }
            if let other = option.excludes.first(where: has) {
                throw Refusal(
                    "\(syntax.role.rawValue).option.excluded",
                    "--\(option.name) cannot be used with --\(other)"
                )
            }
            if let other = option.requires.first(where: { !has($0) }) {
                throw Refusal(
                    "\(syntax.role.rawValue).option.missing",
                    "--\(option.name) needs --\(other) beside it"
                )
            }
        }
        if !syntax.oneOf.isEmpty, !given.contains(where: { syntax.placesOfOneOf.contains($0.option) }) {
            let names = syntax.oneOf.map { "--" + $0 }.joined(separator: ", ")
            throw Refusal("\(syntax.role.rawValue).option.missing", "\(syntax.name) needs one of \(names)")
        }
        try syntax.complete(&self, context)
        if given.count > 1, !syntax.arrangesItself { given.sort { $0.option < $1.option } }
    }
}

extension ExtensionInstance: Hashable {
    package static func == (left: ExtensionInstance, right: ExtensionInstance) -> Bool {
        left.syntax.name == right.syntax.name && left.given == right.given && left.open == right.open
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(syntax.name)
        hasher.combine(given)
    }
}
