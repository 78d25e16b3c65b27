/// The files of a host, as a network namespace shows them, under a folder that tests can choose.
///
/// What a namespace has of its own under `/proc/net` is read by way of `/proc/thread-self/net` (proc(5)).
package struct HostTree: Sendable {
    private let files: HostFiles
    private let namespace: NetworkNamespace?

    /// The files under a folder; `/` for those of this host.
    package init(root: String = "/", namespace: NetworkNamespace? = nil) {
        files = HostFiles(root: root == "/" ? "" : root)
        self.namespace = namespace
    }

    /// The text of a small file; nil for one that cannot be read.
    package func text(of path: String) async -> String? {
        await read { $0.text(of: path) } ?? nil
    }

    /// The names in a folder, sorted; none for one that cannot be read.
    package func names(in folder: String) async -> [String] {
        (await read { $0.names(in: folder) } ?? []).sorted()
    }

    /// What a symbolic link says; nil for anything else.
    package func link(at path: String) async -> String? {
        await read { $0.link(at: path) } ?? nil
    }

    /// Whether there is a file or a folder.
    package func exists(_ path: String) async -> Bool {
        await read { $0.exists(path) } ?? false
    }

    /// In a namespace that cannot be entered nothing can be read.
    private func read<Value: Sendable>(_ work: @escaping @Sendable (HostFiles) -> Value) async -> Value? {
        let files = files
        guard let namespace else { return work(files) }
        do { return try await namespace.run { work(files) } } catch { return nil }
    }
}
