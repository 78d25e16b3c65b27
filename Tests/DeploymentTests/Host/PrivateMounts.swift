import Foundation
import Testing

/// Mounts that the commands of one test see, and nobody else; they go with the value.
final class PrivateMounts: Sendable {
    private let holder: CommandProcess

    /// What leads the way into them.
    var entrance: [String] { ["/usr/bin/nsenter", "--mount=/proc/\(holder.identifier)/ns/mnt", "--"] }
    /// The root folder as the commands see it.
    var root: String { "/proc/\(holder.identifier)/root" }

    /// Runs a script of sh that makes them; nil where it fails, for the kernel or a program that it needs is missing.
    static func make(by script: String, in folder: String) async throws -> PrivateMounts? {
        let ready = "\(folder)/mounts-are-made"
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin"
        let mounting = "set -e\n\(script)\ntouch '\(ready)'\nexec sleep 600"
        let holder = try CommandProcess(
            ["/usr/bin/env", "PATH=\(path)", "/usr/bin/unshare", "--mount", "/bin/sh", "-c", mounting],
            error: "\(folder)/mounts.err"
        )
        for _ in 0..<1_000 {
            if FileManager.default.fileExists(atPath: ready) { return PrivateMounts(holder: holder) }
            if holder.ended() != nil { return nil }
            try await Task.sleep(for: .milliseconds(10))
        }
        return nil
    }

    private init(holder: CommandProcess) {
        self.holder = holder
    }
}
