import Netlink
import Synchronization

/// The files of a host, as a network namespace shows them, under a folder that tests can choose.
///
/// Its readers go on where something cannot be read, as if it were not there; what that was is kept in ``problems``, so
/// that somebody says it. What a namespace has of its own under `/proc/net` is read by way of `/proc/thread-self/net`
/// (proc(5)).
package struct HostTree: Sendable {
    private let files: HostFiles
    private let namespace: NetworkNamespace?
    private let record = Record()

    /// The files under a folder; `/` for those of this host.
    package init(root: String = "/", namespace: NetworkNamespace? = nil) {
        files = HostFiles(root: root == "/" ? "" : root)
        self.namespace = namespace
    }

    /// What could not be read until now, and why; sorted.
    package var problems: [String] { record.problems.withLock { $0.sorted() } }

    /// The text of a small file; nil for one that is not there.
    package func text(of path: String) async -> String? {
        await read { files throws(SystemError) in try files.text(of: path) } ?? nil
    }

    /// The names in a folder, sorted; none for one that is not there.
    package func names(in folder: String) async -> [String] {
        (await read { files throws(SystemError) in try files.names(in: folder) } ?? []).sorted()
    }

    /// What a symbolic link says; nil for anything else.
    package func link(at path: String) async -> String? {
        await read { files throws(SystemError) in try files.link(at: path) } ?? nil
    }

    /// Whether there is a file or a folder.
    package func exists(_ path: String) async -> Bool {
        await read { files throws(SystemError) in try files.exists(path) } ?? false
    }

    private func read<Value: Sendable>(
        _ work: @escaping @Sendable (HostFiles) throws(SystemError) -> Value
    ) async -> Value? {
        let files = files
        do {
            guard let namespace else { return try work(files) }
            return try await namespace.run { try work(files) }
        } catch {
            record.problems.withLock { _ = $0.insert("\(error)") }
            return nil
        }
    }

    private final class Record: Sendable {
        let problems = Mutex<Set<String>>([])
    }
}
