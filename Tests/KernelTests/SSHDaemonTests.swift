import Netlink
import PacketModel
import Testing

@testable import Kernel

@Suite struct SSHDaemonTests {
    private static let nothing = SocketTable([])

    @Test(
        arguments: [
            ("Port 2222\n", [2_222]),
            ("#Port 22\nPort 22\n  port=8022\n", [22, 8_022]),
            ("Port\t22 # the usual one\n", [22]),
            ("ListenAddress 192.0.2.1:2022\n", [2_022]),
            ("ListenAddress [2001:db8::1]:2023\n", [2_023]),
            ("ListenAddress 2001:db8::22\nListenAddress 192.0.2.1\n", []),
            ("Port none\nPort 70000\nPermitRootLogin no\n", []),
            ("", []),
        ] as [(String, [UInt16])]
    )
    func theConfigurationOfSSHNamesPorts(_ text: String, ports: [UInt16]) {
        #expect(SSHDaemon.portsOfConfiguration(text) == ports)
    }

    @Test(
        arguments: [
            ("port 22\naddressfamily any\nlistenaddress [::]:22\nlistenaddress 0.0.0.0:22\n", [22]),
            // `ListenAddress 192.0.2.1:2222` alone: port is what would stand in for a missing one.
            ("port 22\nlistenaddress 192.0.2.1:2222\n", [2_222]),
            ("port 22\nport 2222\n", [22, 2_222]),
            ("listenaddress [::]:22\nlistenaddress [::]:2222\n", [22, 2_222]),
        ] as [(String, [UInt16])]
    )
    func whatTheDaemonItselfSaysGoesBeforeItsFiles(_ text: String, ports: [UInt16]) throws {
        let tree = try FileTree(["/etc/ssh/sshd_config": "Port 99\n"])
        #expect(try SSHDaemon.ports(Self.nothing, tree.files, effective: text) == ports)
        #expect(try SSHDaemon.ports(Self.nothing, tree.files, effective: nil) == [99])
        withExtendedLifetime(tree) {}
    }

    @Test func filesThatAreIncludedCount() throws {
        let tree = try FileTree([
            "/etc/ssh/sshd_config": "Include /etc/ssh/sshd_config.d/*.conf\n",
            "/etc/ssh/sshd_config.d/10-port.conf": "Port 2022\n",
            "/etc/ssh/sshd_config.d/old.bak": "Port 23\n",
        ])
        #expect(try SSHDaemon.ports(Self.nothing, tree.files, effective: nil) == [2_022])
        withExtendedLifetime(tree) {}
        #expect(try SSHDaemon.ports(Self.nothing, HostFiles(root: "/no-such-root"), effective: nil) == nil)
    }

    @Test(arguments: ["sshd", "dropbear"])
    func whatADaemonListensOnCounts(_ name: String) throws {
        var owners = SocketOwners()
        owners.add(700, .ofRoot(name), [1, 2])
        owners.add(701, .ofRoot("nginx"), [3])
        let table = SocketTable(
            [
                .waiting("0.0.0.0", 22, inode: 1), .waiting("::", 2_222, inode: 2),
                .waiting("0.0.0.0", 80, inode: 3),
            ],
            owners: owners
        )
        #expect(try SSHDaemon.ports(table, HostFiles(root: "/no-such-root"), effective: nil) == [22, 2_222])
    }

    /// A process of anybody may be called sshd, and so may a script that root started from a file of somebody else.
    @Test(
        arguments: [
            (SocketOwners.Process(name: "sshd", user: 65_534, isOfRoot: false), 65_534, false),
            (.init(name: "sshd", user: 65_534, isOfRoot: false), 0, false),
            (.init(name: "sshd", user: 0, isOfRoot: false), 0, false),
            (.init(name: "sshd", user: 0, isOfRoot: true), 65_534, false),
            (.init(name: "sshd", user: 0, isOfRoot: true), 0, true),
        ] as [(SocketOwners.Process, UInt32, Bool)]
    )
    func onlyRootsOwnSocketOfRootsOwnProgramIsTheDaemons(
        _ process: SocketOwners.Process,
        _ user: UInt32,
        isBelieved: Bool
    ) throws {
        var owners = SocketOwners()
        owners.add(700, process, [1])
        owners.users = [65_534: "nobody"]
        let table = SocketTable([.waiting("0.0.0.0", 8_022, inode: 1, user: user)], owners: owners)
        let ports = try SSHDaemon.ports(table, HostFiles(root: "/no-such-root"), effective: nil)
        #expect(ports == (isBelieved ? [8_022] : nil))
        #expect(table.listeners.map(\.isOfRoot) == [isBelieved])
        #expect(table.listeners.map(\.user) == [process.user == 0 ? nil : "nobody"])
    }

    /// `ssh -R 8080:…` and `ssh -X`: the process of a login listens as its client wishes.
    @Test func whatALoginListensOnDoesNot() throws {
        var owners = SocketOwners()
        owners.add(700, .ofRoot("sshd"), [1])
        owners.add(810, .ofRoot("sshd"), [2])
        owners.add(812, .ofRoot("sshd"), [2, 3, 4])
        let table = SocketTable(
            [
                .waiting("0.0.0.0", 22, inode: 1),
                .connected("192.0.2.1", 22, "192.0.2.9", 5_000, inode: 2),
                .waiting("127.0.0.1", 6_010, inode: 3), .waiting("0.0.0.0", 8_080, inode: 4),
            ],
            owners: owners
        )
        #expect(try SSHDaemon.ports(table, HostFiles(root: "/no-such-root"), effective: nil) == [22])
    }

    private static let unit = "[Unit]\nBefore=sockets.target\n[Socket]\nListenStream=22\nAccept=no\n"

    @Test(
        arguments: [
            // Not enabled: nobody listens.
            (["/usr/lib/systemd/system/ssh.socket": unit], nil),
            (
                [
                    "/usr/lib/systemd/system/ssh.socket": unit,
                    "/etc/systemd/system/sockets.target.wants/ssh.socket": "",
                ], [22]
            ),
            (
                [
                    "/lib/systemd/system/sshd.socket": unit,
                    "/etc/systemd/system/ssh.service.requires/sshd.socket": "",
                ], [22]
            ),
            // A drop-in adds; after an empty assignment it replaces.
            (
                [
                    "/usr/lib/systemd/system/ssh.socket": unit,
                    "/etc/systemd/system/sockets.target.wants/ssh.socket": "",
                    "/etc/systemd/system/ssh.socket.d/port.conf": "[Socket]\nListenStream=2222\n",
                ], [22, 2_222]
            ),
            (
                [
                    "/usr/lib/systemd/system/ssh.socket": unit,
                    "/etc/systemd/system/sockets.target.wants/ssh.socket": "",
                    "/run/systemd/generator/ssh.socket.d/addresses.conf":
                        "[Socket]\nListenStream=\nListenStream = 0.0.0.0:2022\nListenStream=[::]:2023\n",
                ], [2_022, 2_023]
            ),
            // Drop-ins go by name; of one name the first folder counts.
            (
                [
                    "/usr/lib/systemd/system/ssh.socket": unit,
                    "/etc/systemd/system/sockets.target.wants/ssh.socket": "",
                    "/usr/lib/systemd/system/ssh.socket.d/a.conf": "[Socket]\nListenStream=1\n",
                    "/etc/systemd/system/ssh.socket.d/a.conf": "[Socket]\nListenStream=2\n",
                    "/run/systemd/system/ssh.socket.d/b.conf": "[Socket]\nListenStream=\nListenStream=3\n",
                    "/etc/systemd/system/ssh.socket.d/c.conf.old": "[Socket]\nListenStream=4\n",
                ], [3]
            ),
            // The administrator's unit hides the distribution's; a masked one is empty.
            (
                [
                    "/usr/lib/systemd/system/ssh.socket": unit,
                    "/etc/systemd/system/ssh.socket": "[Socket]\nListenStream=2222\n",
                    "/etc/systemd/system/sockets.target.wants/ssh.socket": "",
                ], [2_222]
            ),
            (
                [
                    "/usr/lib/systemd/system/ssh.socket": unit, "/etc/systemd/system/ssh.socket": "",
                    "/etc/systemd/system/sockets.target.wants/ssh.socket": "",
                ], nil
            ),
            // Other kinds of sockets, and other sections, have no port.
            (
                [
                    "/usr/lib/systemd/system/ssh.socket":
                        "[Install]\nListenStream=5\n[Socket]\n#ListenStream=6\nListenStream=/run/ssh\n"
                        + "ListenStream=vsock::22\nListenDatagram=7\nListenStream=@x:9\nListenStream=fe80::1\n",
                    "/etc/systemd/system/sockets.target.wants/ssh.socket": "",
                ], nil
            ),
        ] as [([String: String], [UInt16]?)]
    )
    func unitsThatAreEnabledCount(_ files: [String: String], ports: [UInt16]?) throws {
        let tree = try FileTree(files)
        #expect(try SSHDaemon.ports(Self.nothing, tree.files, effective: nil) == ports)
        withExtendedLifetime(tree) {}
    }

    /// `systemctl start ssh.socket` without `enable`.
    @Test(arguments: [(Int32(1), "systemd", true), (1, "init", false), (900, "systemd", false)])
    func aUnitThatSystemdListensForCounts(_ process: Int32, name: String, counts: Bool) throws {
        let files = ["/usr/lib/systemd/system/ssh.socket": Self.unit + "ListenStream=2222\n"]
        var owners = SocketOwners()
        owners.add(process, .ofRoot(name), [1, 2])
        let table = SocketTable(
            [.waiting("::", 22, inode: 1), .waiting("::", 111, inode: 2)],
            owners: owners
        )
        let tree = try FileTree(files)
        let ports = try SSHDaemon.ports(table, tree.files, effective: nil)
        #expect(ports == (counts ? [22] : nil))
        withExtendedLifetime(tree) {}
    }
}
