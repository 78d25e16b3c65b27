import Foundation
import Kernel
import Testing

/// A file system of 24 MiB with few inodes, mounted where only the commands of one test see it.
final class SmallDisk: Sendable {
    let path: String
    let mounts: PrivateMounts

    /// Nil where the kernel has no loop devices.
    static func mount(in folder: String) async throws -> SmallDisk? {
        let (image, path) = ("\(folder)/disk.img", "\(folder)/disk")
        try await Tool(named: "truncate").run(["-s", "24M", image])
        try await Tool(named: "mkfs.ext4").run(["-q", "-N", "256", image])
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        let mounts = try await PrivateMounts.make(by: "mount -o loop '\(image)' '\(path)'", in: folder)
        return mounts.map { SmallDisk(path: path, mounts: $0) }
    }

    private init(path: String, mounts: PrivateMounts) {
        self.path = path
        self.mounts = mounts
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
        try await Tool(named: "nsenter").run(
            Array(mounts.entrance.dropFirst().dropLast()) + ["sh", "-c", script]
        )
    }
}
