import Kernel

extension Persistence {
    /// What is not as it was written, in sentences.
    func problems(of record: PersistenceRecord, confirmed: Int?) throws -> [String] {
        var problems = try record.parts.compactMap { part in
            try isThere(part) ? nil : "\(root.place(part.path)) is not as it was written"
        }
        if !root.isProgram(record.program) {
            problems.append("there is no program \(root.place(record.program))")
        }
        if let copied = record.copied, copied != confirmed {
            problems.append(
                "the next boot loads generation \(copied), which is not the one that was confirmed last"
            )
        }
        if !problems.isEmpty { problems.append("do: wallwright enable writes it anew") }
        return root.files.problems.map { "not known, for it could not be read: \($0)" } + problems
    }

    private func isThere(_ part: PersistenceRecord.Part) throws -> Bool {
        switch part.kind {
        case .file: try root.read(part.path).map(PersistenceRecord.digest) == part.content
        case .link: root.files.link(at: part.path) == part.content
        case .line: try root.read(part.path)?.firstRange(of: Array(part.content.utf8)) != nil
        }
    }
}
