extension Persistence {
    /// Whether a boot loads what is in this state.
    static func isEnabled(in folder: StateFolder) -> Bool { folder.has(PersistenceRecord.file) }

    /// Makes what the next boot loads that of the generation which was just confirmed. For after each confirmation: it
    /// does nothing where nothing is enabled, and where the boot reads the state itself.
    package static func refresh(after generation: Int, in folder: StateFolder) async throws {
        guard let record = try PersistenceRecord.read(from: folder) else { return }
        let persistence = try Persistence(of: folder, root: record.root(of: folder))
        let way = try way(record.way)
        do {
            let setting = try persistence.setting(program: record.program)
            _ = try await persistence.install(way, setting, over: record)
        } catch let error as ChangeError {
            let old = record.copied.map { "generation \($0)" } ?? "what it did"
            throw ChangeError(
                kind: error.kind,
                description:
                    "the next boot still loads \(old), not generation \(generation), by \(way.name): \(error)"
            )
        }
    }
}
