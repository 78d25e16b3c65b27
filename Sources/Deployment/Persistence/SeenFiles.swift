import Kernel
import Synchronization

/// The files of a root as far as they can be seen.
///
/// Who asks goes on where something cannot be read, as if it were not there; what that was is kept in ``problems``, so that
/// somebody says it.
struct SeenFiles: Sendable {
    let files: HostFiles
    private let record = Record()

    init(files: HostFiles) { self.files = files }

    /// What is there, or may be, and could not be read, and why; sorted.
    var problems: [String] { record.problems.withLock { $0.sorted() } }

    func text(of path: String) -> String? { seen { try files.text(of: path) } ?? nil }

    func names(in folder: String) -> [String] { seen { try files.names(in: folder) } ?? [] }

    func link(at path: String) -> String? { seen { try files.link(at: path) } ?? nil }

    func exists(_ path: String) -> Bool { seen { try files.exists(path) } ?? false }

    private func seen<Value>(_ look: () throws -> Value) -> Value? {
        do {
            return try look()
        } catch {
            record.problems.withLock { _ = $0.insert("\(error)") }
            return nil
        }
    }

    private final class Record: Sendable {
        let problems = Mutex<Set<String>>([])
    }
}
