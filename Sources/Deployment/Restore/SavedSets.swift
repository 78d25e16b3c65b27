import Kernel

/// The sets in what `ipset save` said, each with its lines (ipset(8)).
struct SavedSets {
    private(set) var names: [String] = []
    private var texts: [String: String] = [:]

    init(_ saved: String) {
        for line in SavedSetLine.lines(of: saved) {
            let name = String(line.set)
            if line.command == "create" { names.append(name) }
            texts[name, default: ""] += line.writable + "\n"
        }
    }

    /// Nil when there is none of that name.
    subscript(name: String) -> String? { texts[name] }

    /// The lines of one set, for a set of another name.
    static func renamed(_ text: String, _ name: String, to other: String) -> String {
        SavedSetLine.lines(of: text).map { line in
            guard line.set == name else { return line.writable + "\n" }
            return "\(line.command) \(other) \(line.words.joined(separator: " "))\n"
        }.joined()
    }
}
