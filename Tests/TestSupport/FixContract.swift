package import Diagnostics
import Testing

/// What every fix promises: after any of its edits what it is about is gone, and nothing new came.
package struct FixContract {
    /// Codes whose fix is advice: no edit of the file does what it says.
    private let advice: Set<String>
    /// What says of two diagnostics, before and after an edit, that they are the same; nil for what does not count.
    private let key: (Diagnostic) -> String?
    private let read: (SourceFile) -> [Diagnostic]

    package init(
        advice: Set<String>,
        key: @escaping (Diagnostic) -> String?,
        read: @escaping (SourceFile) -> [Diagnostic]
    ) {
        (self.advice, self.key, self.read) = (advice, key, read)
    }

    /// Tries every fix of those that are judged.
    package func hold(_ source: SourceFile, judging isJudged: (Diagnostic) -> Bool = { _ in true }) throws {
        let diagnostics = read(source)
        let before = counted(diagnostics)
        for diagnostic in diagnostics where isJudged(diagnostic) {
            guard let fix = diagnostic.fix else { continue }
            #expect(
                !fix.choices.isEmpty || advice.contains(diagnostic.code),
                "\(diagnostic.code): no edit does what the fix says: \(fix)"
            )
            for edits in fix.choices {
                let edited = try #require(source.applying(edits), "\(fix)")
                let text = String(decoding: edited.bytes, as: UTF8.self)
                let after = counted(read(edited))
                let key = try #require(self.key(diagnostic))
                #expect(after[key, default: 0] < before[key, default: 0], "\(fix): still \(key) in\n\(text)")
                let new = after.filter { $0.value > before[$0.key, default: 0] }
                #expect(new.isEmpty, "\(fix): new: \(new.keys.sorted()) in\n\(text)")
            }
        }
    }

    private func counted(_ diagnostics: [Diagnostic]) -> [String: Int] {
        diagnostics.reduce(into: [:]) { counts, diagnostic in
            if let key = self.key(diagnostic) { counts[key, default: 0] += 1 }
        }
    }
}
