/// The policies that the benchmarks compile.
enum PolicyText {
    /// `allow: PROTO/PORT from: SOURCE` for each entry, and nothing else inbound.
    static func lines(_ entries: [(port: Int, source: String)], proto: String) -> String {
        let lines = entries.map { "  - allow: \(proto)/\($0.port)\n    from: \"\($0.source)\"\n" }
        return "wallwright: 1\nmanagement: none\ninbound:\n" + lines.joined()
    }

    /// The same, with everything from a list file banned.
    static func banning(
        file: String,
        _ entries: [(port: Int, source: String)],
        proto: String
    ) -> String {
        lines(entries, proto: proto) + "  - deny: any\n    from: banned\nsets:\n  banned: {file: \(file)}\n"
    }
}
