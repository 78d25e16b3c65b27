package import Diagnostics
package import Policy

/// What the files of two policies say differently, line by line: the policy itself, and the files of sets that it names.
package struct PolicyDifference: Hashable, Sendable {
    /// A line of a text that only one of the two has.
    package struct Line: Hashable, Sendable {
        /// It came; else it went.
        package var isAdded: Bool
        /// The section that it stands in, `inbound`, or the name of a file of a set.
        package var section: String
        package var text: String
    }

    /// By section, in the order of the newer text; what went stands before what came.
    package private(set) var lines: [Line] = []

    /// Of a removal, or before the first apply, there is no text.
    package init(from old: [NamedText], to new: [NamedText]) {
        let names = new.map(\.name) + old.map(\.name).filter { name in !new.contains { $0.name == name } }
        for name in names {
            let (before, after) = (PolicyText(old, name), PolicyText(new, name))
            let (gone, come) = (before.missing(in: after), after.missing(in: before))
            var seen: Set<String> = []
            let sections = (after.entries + before.entries).map(\.section).filter { seen.insert($0).inserted }
            let (removed, added) = (Self.lines(gone, isAdded: false), Self.lines(come, isAdded: true))
            lines += sections.flatMap { (removed[$0] ?? []) + (added[$0] ?? []) }
        }
    }

    /// By section.
    private static func lines(_ entries: [PolicyText.Entry], isAdded: Bool) -> [String: [Line]] {
        entries.reduce(into: [:]) { lines, entry in
            lines[entry.section, default: []] += entry.lines.map {
                Line(isAdded: isAdded, section: entry.section, text: $0)
            }
        }
    }

    package var isEmpty: Bool { lines.isEmpty }

    /// `2 lines added, 1 line removed`
    package var summary: String {
        let (come, gone) = (lines.count { $0.isAdded }, lines.count { !$0.isAdded })
        return [(come, "added"), (gone, "removed")].filter { $0.0 > 0 }
            .map { "\(WordList.count($0.0, "line")) \($0.1)" }.joined(separator: ", ")
    }

    /// For programs; the keys are stable.
    package var json: JSONValue {
        .array(
            lines.map {
                [
                    "change": .string($0.isAdded ? "added" : "removed"), "section": .string($0.section),
                    "text": .string($0.text),
                ]
            }
        )
    }
}

/// A text of a policy: its own, without a name, or that of a file of a set.
package struct NamedText: Hashable, Sendable {
    package var name: String
    package var text: String

    package init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        text = String(decoding: bytes, as: UTF8.self)
    }
}

extension PolicyText {
    /// The text of a name, with the policy cut into its sections; empty where there is none.
    fileprivate init(_ texts: [NamedText], _ name: String) {
        let text = texts.first { $0.name == name }?.text ?? ""
        if name.isEmpty { self.init(text) } else { self.init(list: text, of: name) }
    }
}

extension Policy {
    /// Its text, and those of its files.
    package var texts: [NamedText] {
        [NamedText("", source.bytes)] + setFiles.map { NamedText($0.name, $0.bytes) }
    }
}
