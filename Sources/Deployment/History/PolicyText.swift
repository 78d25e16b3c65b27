import Diagnostics
import Policy

/// A policy as its file has it, cut into what people call its lines: each with what belongs to it, under its section.
///
/// It is cut by indentation alone, so that every text can be told apart from another, also one with errors.
struct PolicyText: Hashable, Sendable {
    /// One entry of a section, such as an allow with its `from`.
    struct Entry: Hashable, Sendable {
        /// The key at the top, `inbound`; empty for what stands there by itself.
        var section: String
        /// As they stand in the file, without blanks at the end.
        var lines: [String]
    }

    /// Without comments and empty lines.
    private(set) var entries: [Entry] = []

    /// A list of one line each, of which a file of a set is made.
    init(list text: String, of section: String) {
        entries = text.split(whereSeparator: \.isNewline).compactMap { line in
            let content = line.drop { $0 == " " || $0 == "\t" }
            guard let first = content.first, first != "#" else { return nil }
            return Entry(section: section, lines: [String(line)])
        }
    }

    init(_ text: String) {
        var section = ""
        var indentation: Int?
        for line in text.split(whereSeparator: \.isNewline).map(String.init) {
            let content = line.drop { $0 == " " || $0 == "\t" }
            guard let first = content.first, first != "#" else { continue }
            let depth = line.count - content.count
            var shown = line
            while shown.last?.isWhitespace == true { shown.removeLast() }
            if depth == 0, first != "-" {
                section = content.prefix { $0 != ":" }.description
                indentation = nil
                // A key whose value stands below is told by its entries.
                if shown.last == ":" { continue }
                entries.append(Entry(section: section, lines: [shown]))
            } else if let known = indentation, depth > known, !entries.isEmpty {
                entries[entries.count - 1].lines.append(shown)
            } else {
                indentation = depth
                entries.append(Entry(section: section, lines: [shown]))
            }
        }
    }

    /// The entries that the other has not; the order of lines has no meaning, and so none here.
    func missing(in other: PolicyText) -> [Entry] {
        var counts = Dictionary(other.entries.map { ($0, 1) }, uniquingKeysWith: +)
        return entries.filter { entry in
            guard let count = counts[entry], count > 0 else { return true }
            counts[entry] = count - 1
            return false
        }
    }
}
