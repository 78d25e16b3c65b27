import Foundation
import Testing

/// A network namespace that lives as long as one shell script.
enum Sandbox {
    struct Result {
        var status: Int32
        var output: String
    }

    /// Kernel tests need root; without it they are shown as skipped.
    static var isAvailable: Bool { getuid() == 0 && tools.allSatisfy(FileManager.default.isExecutableFile) }

    static let unavailable: Comment = "needs root, unshare, iptables and ipset"

    private static let tools = [
        "/usr/bin/unshare", "/usr/sbin/iptables-nft-restore", "/usr/sbin/iptables-legacy-restore",
        "/usr/sbin/ipset",
    ]

    /// Runs the script in a namespace of its own, the files beside it as `$DIR/NAME`.
    static func run(_ script: String, files: [String: String] = [:]) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "iptables-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/unshare")
        process.arguments = ["--net", "--fork", "--kill-child", "/bin/sh", "-ec", script]
        process.environment = [
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DIR": folder.path(percentEncoded: false),
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Result(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }
}
