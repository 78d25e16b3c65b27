/// The sets in what `ipset save` said, each with its lines (ipset(8)).
struct SavedSets {
    private(set) var names: [String] = []
    private var texts: [String: String] = [:]

    init(_ saved: String) {
        for line in saved.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 2)
            guard words.count > 1, words[0] == "create" || words[0] == "add" else { continue }
            let name = String(words[1])
            if words[0] == "create" { names.append(name) }
            texts[name, default: ""] += line + "\n"
        }
    }

    /// Nil when there is none of that name.
    subscript(name: String) -> String? { texts[name] }

    /// The lines of one set, for a set of another name.
    static func renamed(_ text: String, _ name: String, to other: String) -> String {
        text.split(separator: "\n").map { line in
            let words = line.split(separator: " ", maxSplits: 2)
            guard words.count > 2, words[1] == name else { return "\(line)\n" }
            return "\(words[0]) \(other) \(words[2])\n"
        }.joined()
    }
}
