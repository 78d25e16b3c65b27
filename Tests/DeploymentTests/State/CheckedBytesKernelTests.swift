import Foundation
import Glibc
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// The bytes that were checked are the bytes that become the generation.
@Suite(.needsRoot) struct CheckedBytesKernelTests {
    private static let lines =
        "inbound:\n  - allow: ssh\n  - deny: any\n    from: banned\n"
        + "outbound:\n  - allow: any\nsets:\n  banned: {file: banned.txt}\n"

    /// Somebody changes the files while apply waits for the lock.
    @Test func whatChangesWhileApplyWaitsCountsForNothing() async throws {
        let host = try await TestHost.make()
        let policy = try host.policy(Self.lines)
        let set = "\(host.folder)/banned.txt"
        try "192.0.2.66\n".write(toFile: set, atomically: true, encoding: .utf8)
        let checked = try Data(contentsOf: URL(fileURLWithPath: policy))
        let folder = try StateFolder.make(at: host.state)
        let lock = try await ChangeLock.acquire(in: folder, for: "a test", waiting: .zero)
        let running = try await host.start("apply", policy)
        // It has read what it will check when it waits: it has the lock's file open, and holds it not.
        let isWaiting = try await host.waits(.seconds(10)) {
            let files = "/proc/\(running.process.identifier)/fd"
            return try HostFiles().names(in: files).contains {
                try HostFiles().link(at: "\(files)/\($0)") == host.state
            }
        }
        #expect(isWaiting)
        try "not: a policy\n".write(toFile: policy, atomically: false, encoding: .utf8)
        try "0.0.0.0/0\n".write(toFile: set, atomically: false, encoding: .utf8)
        lock.release()
        let result = try await running.result()
        try #require(result.status == 0, "\(result)")
        let generation = try folder.generation(1)
        #expect(try folder.content("policy.yaml", of: generation) == Array(checked))
        #expect(try folder.content("sets/0", of: generation) == Array("192.0.2.66\n".utf8))
        #expect(try await host.open() == TestHost.sshAlone)
        #expect(Set(generation.contents.keys) == ["policy.yaml", "sets/0", "after/nftables.nft"])
    }

    private static let strange = [
        ("mkfifo", "is not a regular file"), ("ln -s /dev/zero", "is a symbolic link"),
        ("truncate -s 200M", "is larger than"), ("mkdir", "is not a regular file"),
    ]

    /// As the policy, and as a set file; nothing waits for a pipe.
    @Test(arguments: strange, ["policy.yaml", "banned.txt"])
    func whatIsNoFileIsRefused(_ plant: (String, String), _ name: String) async throws {
        let host = try await TestHost.make()
        let policy = try host.policy(Self.lines)
        try "192.0.2.66\n".write(toFile: "\(host.folder)/banned.txt", atomically: true, encoding: .utf8)
        let planted = try await host.script("rm \(name); \(plant.0) \(name)")
        try #require(planted.status == 0, "\(planted)")
        let result = try await host.start("apply", policy).result(within: .seconds(20))
        #expect(result.status == 1 && result.error.contains(plant.1), "\(plant.0): \(result)")
        let device = try await host.run("apply", "/dev/zero")
        #expect(device.status == 1 && device.error.contains("is not a regular file"), "\(device)")
        #expect(try await host.firewall.listing().isEmpty)
    }
}
