import Diagnostics
import FoundationEssentials
import Glibc
import SystemPackage

/// A file of lines in the state folder: what a guard or a watch did. Also said on standard error, which is the journal
/// where systemd runs them.
package struct EventLog: Sendable {
    private let folder: StateFolder
    private let name: String

    /// What became of a generation: beside its record.
    package static func ofGuard(_ number: Int, in folder: StateFolder) -> EventLog {
        EventLog(folder: folder, name: "\(StateFolder.folder(number))/guard.log")
    }

    /// What was put back, and what was taken back by others than its guard.
    package static func ofWatch(in folder: StateFolder) -> EventLog {
        EventLog(folder: folder, name: "watch.log")
    }

    private init(folder: StateFolder, name: String) {
        self.folder = folder
        self.name = name
    }

    /// Where a person finds it.
    package var place: String { folder.place(name) }

    /// In bytes; then the file becomes `….old` and a new one begins.
    private static let largest = 1 << 20

    /// Says it where it can be said; a full disk must not keep anybody from their work.
    package func say(_ message: String) {
        // Another line of a message must not look like a line of ours.
        let shown = DisplayText.lines(of: message).replacing("\n", with: "\n    ")
        let line = "\(Date.now.ISO8601Format()) \(shown)\n"
        var file: Int32 = -1
        do {
            file = try folder.open(name, O_WRONLY | O_CREAT | O_APPEND)
            if lseek(file, 0, SEEK_END) > Self.largest { _ = try folder.rename(name, to: name + ".old") }
        } catch {
            // It is said on standard error all the same.
        }
        for descriptor in [file, STDERR_FILENO] where descriptor >= 0 {
            _ = unsafe write(descriptor, line, line.utf8.count)
        }
        if file >= 0 { close(file) }
    }

    /// The last lines, oldest first.
    package func last(_ count: Int) throws -> [String] {
        let text = String(decoding: try folder.read(name) ?? [], as: UTF8.self)
        return text.split(separator: "\n").suffix(count).map(String.init)
    }
}
