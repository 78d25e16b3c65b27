package import Diagnostics
package import PacketModel

extension LoadedRuleset {
    /// Reads and loads a whole save file, or the listing of one table. One mistake of the whole file is one error,
    /// whatever it does to each line.
    package static func read(
        _ source: SourceFile,
        of table: BuiltInTable? = nil,
        family: IPFamily,
        names: NameDatabase,
        keeping: Bool = false
    ) -> (ruleset: LoadedRuleset, diagnostics: [Diagnostic]) {
        let read = { (source: SourceFile, family: IPFamily) in
            asWritten(source, of: table, family: family, names: names, keeping: keeping)
        }
        var (ruleset, diagnostics) = read(source, family)
        guard diagnostics.hasErrors else { return (ruleset, diagnostics) }
        let other: IPFamily = family == .ipv4 ? .ipv6 : .ipv4
        if !read(source, other).diagnostics.hasErrors {
            return (ruleset, [otherFamily(other, diagnostics.first { $0.severity == .error })])
        }
        diagnostics = Lookalike.explain(diagnostics, in: source, code: "iptables.letter", longDash: "--") {
            read($0, family).diagnostics
        }
        return (ruleset, diagnostics.sorted { place($0) < place($1) })
    }

    private static func asWritten(
        _ source: SourceFile,
        of table: BuiltInTable? = nil,
        family: IPFamily,
        names: NameDatabase,
        keeping: Bool
    ) -> (ruleset: LoadedRuleset, diagnostics: [Diagnostic]) {
        let (saved, readErrors) = SaveFileReader.read(source, of: table, family: family, names: names)
        let (ruleset, loadErrors) = load(saved, from: source, family: family, keeping: keeping)
        return (ruleset, (readErrors + loadErrors).sorted { place($0) < place($1) })
    }

    private static func place(_ diagnostic: Diagnostic) -> Int { diagnostic.primary?.range.start ?? 0 }

    private static func otherFamily(_ other: IPFamily, _ first: Diagnostic?) -> Diagnostic {
        let tools = other == .ipv6 ? ("ip6tables", "iptables") : ("iptables", "ip6tables")
        return Diagnostic(
            code: "iptables.save.family",
            "these are rules of \(tools.0), and were read as rules of \(tools.1)",
            at: first?.primary,
            notes: first.map { ["\(tools.1) would say of this: \($0.message)"] } ?? [],
            fix: Fix("add --family \(other.rawValue)")
        )
    }
}
