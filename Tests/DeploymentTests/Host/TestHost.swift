import Foundation
import Kernel
import PacketModel
import Testing

@testable import Deployment

/// A host that a test applies policies to, by the program that users run: a network namespace with an outside, and a
/// state folder on a disk. It goes with its value, and every process that works for it.
final class TestHost: Sendable {
    let network: TestNetwork
    /// Holds the policy and what commands said.
    let folder: String
    let state: String
    /// Where the test finds the state; another path when commands see other mounts.
    let view: String
    /// What runs `wallwright` in another surrounding: `nsenter --mount=…`.
    let wrapper: [String]
    private let mounts: PrivateMounts?

    /// The program that was built with the tests, or the one that is named: a release, say.
    static let program =
        ProcessInfo.processInfo.environment["WALLWRIGHT_PROGRAM"]
        ?? URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appending(path: "wallwright").path

    /// What most tests apply: SSH, and all that the host sends.
    static let ssh = "inbound:\n  - allow: ssh\noutbound:\n  - allow: any\n"
    static let web = "inbound:\n  - allow: [ssh, http]\noutbound:\n  - allow: any\n"

    /// `disk` holds the state. Commands run where it is mounted, or in other mounts that are given.
    init(
        _ network: TestNetwork,
        folder: String,
        state: String? = nil,
        disk: SmallDisk? = nil,
        mounts: PrivateMounts? = nil
    ) {
        self.network = network
        self.folder = folder
        self.state = state ?? "\(disk?.path ?? folder)/state"
        view = (disk?.mounts.root ?? "") + self.state
        self.mounts = disk?.mounts ?? mounts
        wrapper = self.mounts?.entrance ?? []
    }

    static func make(links: [TestNetwork.Link] = [.init(name: "eth0", number: 1)]) async throws -> TestHost {
        TestHost(try await .make(links: links), folder: try makeFolder())
    }

    /// /tmp is memory on many machines, and a state folder must not be; /var/tmp outlives a reboot (hier(7)).
    static func makeFolder() throws -> String {
        let folder = "/var/tmp/wallwright-test-\(UUID().uuidString)"
        let permissions: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: false,
            attributes: permissions
        )
        return folder
    }

    deinit {
        TestProcesses.end(mentioning: folder)
        // What serves a login of SSH has another command line, and outlives its daemon.
        for namespace in [network.inside, network.outside] { TestProcesses.end(in: namespace) }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Writes a policy beside the state and returns its path; its first line is added.
    func policy(_ lines: String, named name: String = "policy.yaml") throws -> String {
        let path = "\(folder)/\(name)"
        try "wallwright: 1\n\(lines)".write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    func inside(_ family: IPFamily) throws -> IPAddress {
        try #require(network.link("eth0")?.insideAddress(family))
    }

    func outside(_ family: IPFamily) throws -> IPAddress {
        try #require(network.link("eth0")?.outsideAddress(family))
    }
}
