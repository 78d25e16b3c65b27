import Glibc
import Kernel
import PacketModel
import Testing

@testable import Deployment

/// A daemon of SSH (sshd(8)) inside a host, with keys of its own, and logins to it from the outside.
final class SSHServer: Sendable {
    let host: TestHost
    private let daemon: RunningCommand

    /// Its folder /run/sshd is in mounts that only it sees, so that the machine keeps what it has.
    init(in host: TestHost) async throws {
        self.host = host
        let script = """
            set -e
            ssh-keygen -q -t ed25519 -N '' -f host_key && ssh-keygen -q -t ed25519 -N '' -f login_key
            cp login_key.pub authorized_keys
            cat >sshd_config <<END
            Port 22
            HostKey \(host.folder)/host_key
            AuthorizedKeysFile \(host.folder)/authorized_keys
            PidFile none
            StrictModes no
            UsePAM no
            PermitRootLogin yes
            PasswordAuthentication no
            END
            """
        let made = try await host.script(script)
        try #require(made.status == 0, "\(made)")
        let run =
            "mount -t tmpfs tmpfs /run && mkdir /run/sshd && exec /usr/sbin/sshd -D -e -f '\(host.folder)/sshd_config'"
        daemon = try await host.start(["/usr/bin/unshare", "--mount", "/bin/sh", "-c", run])
        let isUp = try await host.waits(.seconds(10)) { try await login("true").status == 0 }
        try #require(isUp)
    }

    /// Keeps the daemon from taking connections, or lets it go on; the kernel shakes hands all the same.
    func pause(_ isPaused: Bool) {
        daemon.process.signal(isPaused ? SIGSTOP : SIGCONT)
    }

    /// Runs a command of sh in a new login; `W` stands for the program, `S` for its state option.
    func login(_ command: String, _ family: IPFamily = .ipv4, options: [String] = []) async throws
        -> CommandResult
    {
        try await start(command, family, options: options).result()
    }

    /// - Parameters:
    ///   - target: an address of the host; that of its link where there is none
    ///   - client: where the login comes from; the other end of the link where there is none
    func start(
        _ command: String,
        _ family: IPFamily = .ipv4,
        options: [String] = [],
        to target: String? = nil,
        from client: NetworkNamespace? = nil
    ) async throws -> RunningCommand {
        let prelude = "W='\(TestHost.program)'; S='--state \(host.state)'; cd '\(host.folder)'; "
        let fixed = [
            "-F", "/dev/null", "-i", "\(host.folder)/login_key", "-o", "BatchMode=yes", "-o",
            "ConnectTimeout=5", "-o",
            "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
        ]
        // Of an option that is given twice the first counts (ssh_config(5)).
        let command = command.isEmpty ? [] : [prelude + command]
        let address = try target ?? "\(host.inside(family))"
        return try await host.start(
            ["/usr/bin/ssh"] + options + fixed + ["root@\(address)"] + command,
            in: client ?? host.network.outside
        )
    }
}
