import Glibc
import Netlink
import PacketModel
import SystemPackage
import TestSupport
import Testing

@testable import Kernel

/// Who is believed to be the daemon of SSH: by real processes and real sockets.
@Suite(.needsRoot) struct SSHDaemonKernelTests {
    struct Claim: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var socketUser: UInt32 = 0
        var processUser: UInt32 = 0
        var mode: mode_t = 0o755
        var fileUser: UInt32 = 0
        var isBelieved = false
    }

    private static let claims = [
        Claim(testDescription: "root's, all of it", isBelieved: true),
        Claim(
            testDescription: "of nobody, all of it",
            socketUser: 65_534,
            processUser: 65_534,
            fileUser: 65_534
        ),
        Claim(testDescription: "of nobody, from root's file", socketUser: 65_534, processUser: 65_534),
        Claim(testDescription: "nobody's socket in root's program", socketUser: 65_534),
        Claim(testDescription: "root's socket in nobody's program", processUser: 65_534),
        Claim(testDescription: "a file that everybody can write", mode: 0o777),
        Claim(testDescription: "a file of nobody", fileUser: 65_534),
    ]

    @Test(arguments: claims)
    func aNameAloneProvesNothing(_ claim: Claim) async throws {
        let tree = try FileTree(["/sshd": ""])
        let program = "\(tree.path)/sshd"
        try Self.copy("/bin/sleep", to: program)
        unsafe chmod(tree.path, 0o755)
        try #require(unsafe chown(program, claim.fileUser, claim.fileUser) == 0)
        try #require(unsafe chmod(program, claim.mode) == 0)
        let network = try await Setting().network
        // Nobody but the program is to hold the socket.
        let process = try await network.inside.run {
            let socket = try Socket.owned(by: claim.socketUser, AF_INET, SOCK_STREAM)
            try socket.bind(to: SocketAddress(IPAddress(family: .ipv4, value: 0), port: 8_022))
            try socket.listen(backlog: 1)
            let user = ["--reuid", "\(claim.processUser)", "--clear-groups"]
            let process = try TestProcess(
                ["/usr/bin/setpriv"] + user + [program, "60"],
                holding: [socket.descriptor]
            )
            for _ in 0..<500 where try ProcessStatus.read(process.identifier)?.name != "sshd" {
                usleep(10_000)
            }
            return process
        }
        let table = try await network.inside.run { try SocketTable.read() }
        let ports = try SSHDaemon.ports(table, HostFiles(root: "/no-such-root"), effective: nil)
        #expect(ports == (claim.isBelieved ? [8_022] : nil))
        #expect(table.listeners.map(\.isOfRoot) == [claim.isBelieved])
        if claim.processUser != 0 { #expect(table.listeners.map(\.user) == ["nobody"]) }
        withExtendedLifetime((tree, process)) {}
    }

    private static func copy(_ path: FilePath, to copy: String) throws {
        let source = try FileDescriptor.open(path, .readOnly)
        let bytes = try source.closeAfter { try source.bytes() }
        let target = try FileDescriptor.open(FilePath(copy), .writeOnly)
        try target.closeAfter { _ = try target.writeAll(bytes) }
    }
}
