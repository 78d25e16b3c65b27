import Foundation
import Kernel
import Testing

/// A file system of 24 MiB with few inodes, mounted where only the commands of one test see it.
final class SmallDisk: Sendable {
    let path: String
    private let holder: CommandProcess

    /// What leads the way into the mounts.
    var entrance: [String] { ["/usr/bin/nsenter", "--mount=/proc/\(holder.identifier)/ns/mnt", "--"] }
    /// The root folder as the commands see it.
    var root: String { "/proc/\(holder.identifier)/root" }

    /// Nil where the kernel has no loop devices.
    static func mount(in folder: String) async throws -> SmallDisk? {
        let (image, path) = ("\(folder)/disk.img", "\(folder)/disk")
        try await Tool(named: "truncate").run(["-s", "24M", image])
        try await Tool(named: "mkfs.ext4").run(["-q", "-N", "256", image])
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        let script = "mount -o loop '\(image)' '\(path)' && touch '\(path)/ready' && exec sleep 600"
        let holder = try CommandProcess(["/usr/bin/unshare", "--mount", "/bin/sh", "-c", script])
        let disk = SmallDisk(path: path, holder: holder)
        for _ in 0..<500 {
            if FileManager.default.fileExists(atPath: "\(disk.root)\(path)/ready") { return disk }
            if holder.ended() != nil { return nil }
            try await Task.sleep(for: .milliseconds(10))
        }
        return nil
    }

    private init(path: String, holder: CommandProcess) {
        self.path = path
        self.holder = holder
    }

    /// Leaves room for so many files or folders, and no more.
    func leave(inodes: Int) async throws {
        let script = """
            cd '\(path)' && rm -rf fill && mkdir fill && i=0
            while touch fill/$i; do i=$((i+1)); done 2>/dev/null
            while [ $i -gt 0 ] && [ $(df --output=iavail . | tail -1) -lt \(inodes) ]; do i=$((i-1)); rm fill/$i; done
            """
        try await run(script)
    }

    /// Leaves no byte.
    func leaveNothing() async throws {
        try await run(
            "cd '\(path)' && cat /dev/zero >bytes 2>/dev/null; cat /dev/zero >>bytes 2>/dev/null; :"
        )
        try await leave(inodes: 0)
    }

    func clear() async throws { try await run("rm -rf '\(path)/fill' '\(path)/bytes'") }

    func run(_ script: String) async throws {
        try await Tool(named: "nsenter").run(Array(entrance.dropFirst().dropLast()) + ["sh", "-c", script])
    }
}
