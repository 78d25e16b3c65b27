import Netlink
import PacketModel
import SystemPackage

/// The SSH daemon of this host.
package enum SSHDaemon {
    /// The port of RFC 4253 section 4.1.
    package static let standardPort: UInt16 = 22

    /// The TCP ports that SSH is served on, or will be: those that its daemon listens on, those that systemd listens on
    /// for it, and those that its configuration names; nil where there is none of these.
    package static func listeningPorts() async throws -> [UInt16]? {
        try await listeningPorts(in: .read())
    }

    /// The same, of sockets that were read already.
    package static func listeningPorts(in table: SocketTable) async throws -> [UInt16]? {
        try ports(table, HostFiles(), effective: await effectiveConfiguration())
    }

    /// The same, from what was read; `effective` is what `sshd -T` printed, nil where it did not.
    static func ports(
        _ table: SocketTable,
        _ files: HostFiles,
        effective: String?
    ) throws(SystemError) -> [UInt16]? {
        let named: [UInt16]
        if let effective {
            named = portsOfEffectiveConfiguration(effective)
        } else {
            named = try portsOfConfigurationFiles(files)
        }
        let ports = Set(portsOfProcesses(table) + (try portsOfUnits(table, files)) + named)
        return ports.isEmpty ? nil : ports.sorted()
    }

    /// What the daemons of OpenSSH and Dropbear are called.
    private static let programs: Set<String> = ["sshd", "dropbear"]

    /// The ports that daemons listen on.
    ///
    /// Everybody may call a program sshd and listen with it: the daemon is root's, from a file that root alone can write,
    /// and so is its socket. A process that holds a connection which came in serves one login: it may have the daemon's
    /// name, but what it listens on is its client's wish (`ssh -R`, `ssh -X`).
    private static func portsOfProcesses(_ table: SocketTable) -> [UInt16] {
        let conversations = table.entries.filter {
            $0.transportProtocol == .tcp && $0.isLive && !table.listeners(for: $0).isEmpty
        }
        let busy = Set(conversations.flatMap { table.owners.holders[$0.inode] ?? [] })
        return portsListenedOn(table) { process, name in
            programs.contains(name) && !busy.contains(process)
        }
    }

    /// The TCP ports that a process of root's listens on, of this kind.
    private static func portsListenedOn(
        _ table: SocketTable,
        by isMeant: (Int32, String) -> Bool
    ) -> [UInt16] {
        table.entries.filter { entry in
            guard entry.transportProtocol == .tcp, entry.isListener, entry.user == 0 else { return false }
            return (table.owners.holders[entry.inode] ?? []).contains { identifier in
                guard let process = table.owners.processes[identifier], process.isOfRoot else { return false }
                return isMeant(identifier, process.name)
            }
        }
        .map(\.localPort)
    }

    /// The ports of the socket units that are enabled, or that systemd listens on now.
    private static func portsOfUnits(
        _ table: SocketTable,
        _ files: HostFiles
    ) throws(SystemError) -> [UInt16] {
        let held = Set(portsListenedOn(table) { process, name in process == 1 && name == "systemd" })
        var ports: [UInt16] = []
        for name in ["ssh.socket", "sshd.socket"] {
            let unit = try SocketUnit(name: name, files)
            ports += unit.isEnabled ? unit.ports : unit.ports.filter(held.contains)
        }
        return ports
    }

    /// What `sshd -T` prints (sshd(8)); nil where it is not installed or fails, as it does without root.
    private static func effectiveConfiguration() async -> String? {
        do {
            return try await Tool(named: "sshd").run(["-T"], text: "", limits: .init(time: .seconds(10)))
        } catch {
            return nil
        }
    }
}
