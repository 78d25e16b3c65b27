import PacketModel

/// The SSH daemon of this host.
package enum SSHDaemon {
    /// The port of RFC 4253 section 4.1.
    package static let standardPort: UInt16 = 22

    /// The TCP ports that SSH is served on, or will be: those that its daemon listens on, those that systemd listens on
    /// for it, and those that its configuration names; nil where there is none of these.
    package static func listeningPorts() async -> [UInt16]? {
        let table = SocketTable.read()
        return ports(table, HostFiles(), effective: await effectiveConfiguration())
    }

    /// The same, from what was read; `effective` is what `sshd -T` printed, nil where it did not.
    static func ports(_ table: SocketTable, _ files: HostFiles, effective: String?) -> [UInt16]? {
        let named = effective.map(portsOfEffectiveConfiguration) ?? portsOfConfigurationFiles(files)
        let ports = Set(portsOfProcesses(table) + portsOfUnits(table, files) + named)
        return ports.isEmpty ? nil : ports.sorted()
    }

    /// What the daemons of OpenSSH and Dropbear are called.
    private static let programs: Set<String> = ["sshd", "dropbear"]

    /// The ports that daemons listen on.
    ///
    /// A process that holds a connection which came in serves one login: it may have the daemon's name, but what it
    /// listens on is its client's wish (`ssh -R`, `ssh -X`).
    private static func portsOfProcesses(_ table: SocketTable) -> [UInt16] {
        let conversations = table.entries.filter {
            $0.transportProtocol == .tcp && $0.isLive && !table.listeners(for: $0).isEmpty
        }
        let busy = Set(conversations.flatMap { table.owners.holders[$0.inode] ?? [] })
        return portsListenedOn(table) { process, name in
            programs.contains(name) && !busy.contains(process)
        }
    }

    /// The TCP ports that a process of this kind listens on.
    private static func portsListenedOn(
        _ table: SocketTable,
        by isMeant: (Int32, String) -> Bool
    ) -> [UInt16] {
        table.entries.filter { entry in
            guard entry.transportProtocol == .tcp, entry.isListener else { return false }
            return (table.owners.holders[entry.inode] ?? []).contains { process in
                table.owners.names[process].map { isMeant(process, $0) } ?? false
            }
        }
        .map(\.localPort)
    }

    /// The ports of the socket units that are enabled, or that systemd listens on now.
    private static func portsOfUnits(_ table: SocketTable, _ files: HostFiles) -> [UInt16] {
        let held = Set(portsListenedOn(table) { process, name in process == 1 && name == "systemd" })
        return ["ssh.socket", "sshd.socket"].map { SocketUnit(name: $0, files) }.flatMap { unit in
            unit.isEnabled ? unit.ports : unit.ports.filter(held.contains)
        }
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
