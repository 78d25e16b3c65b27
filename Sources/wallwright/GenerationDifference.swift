import Compiler
import Deployment
import Diagnostics
import Kernel

/// What differs between two generations, in lines of the policy and in what they mean.
struct GenerationDifference {
    /// Nil where nothing was live before.
    private let from: Int?
    private let to: Int
    private let folder: StateFolder

    init(from: Int?, to: Int, in folder: StateFolder) {
        (self.from, self.to, self.folder) = (from, to, folder)
    }

    var text: Sentence {
        get throws {
            let difference = try folder.difference(from: from, to: to)
            var text: Sentence =
                from.map { "from generation \($0) to generation \(to):\n" }
                ?? "generation \(to), before which nothing was live:\n"
            text += difference.isEmpty ? "  the lines are the same\n" : Self.lines(difference)
            if let backends = try backends { text += "backend: \(backends.0), then \(backends.1)\n" }
            guard let meaning = try folder.change(from: from, to: to), !meaning.isEmpty else { return text }
            text += "which means:\n"
            for line in PlanSentence.lines(meaning) { text += "\(line.text)\n" }
            return text
        }
    }

    /// Both, where they differ.
    private var backends: (String, String)? {
        get throws {
            guard let from, let old = try folder.generation(from).backend,
                let new = try folder.generation(to).backend, old != new
            else { return nil }
            return (old.rawValue, new.rawValue)
        }
    }

    /// As a patch shows them, under their sections.
    static func lines(_ difference: PolicyDifference, most: Int = .max, indented: Int = 0) -> Sentence {
        let margin = String(repeating: " ", count: indented)
        var (text, section): (Sentence, String?) = ("", nil)
        for line in difference.lines.prefix(most) {
            if line.section != section {
                section = line.section
                text += "\(margin)\(line.section):\n"
            }
            let shown: Sentence = "\(margin)\(line.isAdded ? "+" : "-")\(line.text)"
            text += Terminal.output.paint(shown, line.isAdded ? .good : .bad) + "\n"
        }
        let more = difference.lines.count - most
        return more > 0 ? text + "\(margin)and \(more) more\n" : text
    }

    var json: JSONValue {
        get throws {
            [
                "from": from.map(JSONValue.integer) ?? .null, "to": .integer(to),
                "difference": try folder.difference(from: from, to: to).json,
                "meaning": PlanSentence.json(try folder.change(from: from, to: to) ?? []),
            ]
        }
    }
}
