import Kernel

/// The files of a root as far as they can be seen: what cannot be read is as good as not there, for what is written in its
/// place says then why it cannot be written.
struct SeenFiles {
    let files: HostFiles

    func text(of path: String) -> String? { seen { try files.text(of: path) } ?? nil }

    func names(in folder: String) -> [String] { seen { try files.names(in: folder) } ?? [] }

    func link(at path: String) -> String? { seen { try files.link(at: path) } ?? nil }

    func exists(_ path: String) -> Bool { seen { try files.exists(path) } ?? false }

    private func seen<Value>(_ look: () throws -> Value) -> Value? {
        do { return try look() } catch { return nil }
    }
}
