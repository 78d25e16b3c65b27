package import Diagnostics
import Glibc
import Policy

/// Whether the policy file is what is applied.
package enum AppliedFile: Hashable, Sendable {
    /// Word for word, but for comments and the order of lines.
    case same
    /// Somebody wrote it since, or an older generation is live; what the file has otherwise.
    case differs(PolicyDifference)
    case missing
    /// Why, in a clause.
    case unreadable(String)

    /// Nil for a generation without a file of its own.
    static func read(_ number: Int, in folder: StateFolder) throws -> AppliedFile? {
        let generation = try folder.generation(number)
        guard let path = generation.policyPath, path.hasPrefix("/"), generation.kind != .remove else {
            return nil
        }
        let applied = try folder.texts(number)
        var texts: [NamedText] = []
        do throws(FileProblem) {
            texts.append(NamedText("", try PolicyReader.contents(ofPolicyAt: path)))
            for name in generation.setFiles {
                texts.append(NamedText(name, try PolicyReader.contents(ofSetFileAt: name)))
            }
        } catch {
            if case .system(path, ENOENT) = error { return .missing }
            return .unreadable(error.diagnostic(texts.isEmpty ? "the policy" : "the file of a set").message)
        }
        let difference = PolicyDifference(from: applied, to: texts)
        return difference.isEmpty ? .same : .differs(difference)
    }

    /// For programs; the keys are stable.
    package var json: JSONValue {
        switch self {
        case .same: ["state": "applied", "difference": [], "reason": .null]
        case .differs(let difference): ["state": "differs", "difference": difference.json, "reason": .null]
        case .missing: ["state": "missing", "difference": [], "reason": .null]
        case .unreadable(let reason): ["state": "unreadable", "difference": [], "reason": .string(reason)]
        }
    }
}
