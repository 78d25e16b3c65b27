import Netlink
import PacketModel
import SystemPackage
import TestSupport
import Testing

@testable import Kernel

/// What the kernel and the distribution have in files may be cut off, be of a version that nobody knows, or be put there by
/// somebody else: none of it ends the program, and a table that is none is not taken for an empty one.
@Suite struct DamagedHostFilesTests {
    private static let heading =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    private static let tcp =
        heading
        + "   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0\n"
        + "   1: 0100007F:0016 0200007F:C350 01 00000000:00000000 02:0009F2D1 00000000  1000        0 4712 2 0 20 4 30 10 -1\n"
    private static let status =
        "Name:\tsshd\nUmask:\t0022\nState:\tS (sleeping)\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nCapEff:\t1ff\n"
    private static let stat =
        "4711 (a) b (c) S 1 4711 4711 0 -1 4194560 1 0 0 0 1 2 3 4 20 0 1 0 54321 12345678 900 18446744073709551615"
    private static let memory = "MemTotal:  16384 kB\nMemAvailable:  8192 kB\nSwapFree:  1024 kB\n"
    private static let group = "0::/system.slice/ssh.service\n"
    private static let passwd = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/usr/sbin/nologin\n"
    private static let unit =
        "[Unit]\nBefore=x\n[Socket]\nListenStream=22\nListenStream=[::]:2222\nListenStream=\nListenStream=192.0.2.1:23\n"
    private static let ssh =
        "Port 22\nport=2222 # x\nListenAddress [2001:db8::1]:2023\nlistenaddress 0.0.0.0:24\n"

    @Test func linesOfProcessesAndSocketsAreReadOrRefused() {
        for text in DamagedTexts(of: [Self.stat], pieces: [") ", " (", "\n"], 1_000) {
            for ticks in [100, 1, 0, -1, .max, .min] as [Int64] {
                _ = ProcessStatus(stat: Array(text.utf8), ticksPerSecond: ticks)
            }
        }
        for text in DamagedTexts(of: [Self.tcp], pieces: ["0A", "0D", "FFFFFFFF:FFFF"], 1_000) {
            for line in text.utf8.split(separator: UInt8(ascii: "\n")).map({ Array($0)[...] }) {
                for family in IPFamily.allCases {
                    _ = SocketEntry(line: line, .tcp, family)
                    _ = RawListener.Entry(String(decoding: line, as: UTF8.self), family)
                }
                _ = (SocketEntry.isHeading(line), SocketEntry.isOfUnknownState(line))
            }
        }
        for text in DamagedTexts(
            of: ["192.0.2.9 50000 192.0.2.1 22", "fe80::9%eth0 1 fe80::1%eth0 2"],
            pieces: ["%"]
        ) {
            _ = NamedConnection(text)
        }
        for text in DamagedTexts(of: ["socket:[4711]"]) { _ = SocketOwners.inode(ofLink: text) }
    }

    @Test func configurationsAreReadToTheirEnd() {
        for text in DamagedTexts(
            of: [Self.ssh, Self.unit],
            pieces: ["Port", "ListenStream=", "[Socket]"],
            500
        ) {
            _ = SSHDaemon.portsOfConfiguration(text)
            _ = SSHDaemon.portsOfEffectiveConfiguration(text)
            _ = SocketUnit.streams([text, text])
        }
    }

    @Test func filesOfAHostAreReadOrRefused() throws {
        let tree = try FileTree([
            "/proc/700/status": Self.status, "/proc/700/comm": "sshd\n", "/proc/meminfo": Self.memory,
            "/proc/self/cgroup": Self.group, "/etc/passwd": Self.passwd, "/etc/ssh/sshd_config": Self.ssh,
            "/sys/fs/cgroup/system.slice/memory.max": "900000\n",
            "/sys/fs/cgroup/system.slice/memory.current": "500000\n",
            "/sys/fs/cgroup/system.slice/memory.stat": "anon 5\ninactive_file 4096\n",
            "/usr/lib/systemd/system/ssh.socket": Self.unit,
        ])
        #expect(try AvailableMemory.read(tree.files) == 404_096)
        #expect(try ProcessUsers(of: 700, tree.files)?.areRoots == true)
        let files = tree.texts
        for (path, sample) in files.sorted(by: { $0.key < $1.key }) {
            for text in DamagedTexts(of: [sample], 60) {
                try tree.write(text, to: path)
                do throws(SystemError) {
                    #expect(try ProcessUsers(of: 700, tree.files) != nil, "\(text)")
                } catch {
                    #expect(path == "/proc/700/status" && error.errno.rawValue == 71, "\(error)")
                }
                _ = try? AvailableMemory.read(tree.files)
                _ = try? SocketOwners.read(of: [4_711], tree.files)
                _ = try? SSHDaemon.ports(SocketTable([]), tree.files, effective: nil)
            }
            try tree.write(sample, to: path)
        }
        withExtendedLifetime(tree) {}
    }

    /// Something else may be mounted in the place of a table; a state of a newer kernel is none of those that count.
    @Test(
        arguments: [
            (tcp, [0x16, 0x16]), (tcp.replacing(" 0A ", with: " 0D "), [0x16]), (heading, []),
            ("", nil), ("nothing\n", nil), (tcp.replacing("00000000:0016 ", with: "0000000:0016 "), nil),
            (String(tcp.dropFirst(heading.count)), nil), (tcp + "x\n", nil),
        ] as [(String, [UInt16]?)]
    )
    func aTableThatIsNoneIsNotEmpty(_ text: String, ports: [UInt16]?) throws {
        let tree = try FileTree(["/net/tcp": text])
        let reader = SocketReader(tablesIn: "\(tree.path)/net")
        var found: [UInt16] = []
        let list = { () throws(SystemError) in
            try reader.visit(.tcp, in: SocketEntry.State.all) { found.append($0.localPort) }
        }
        if let ports {
            try list()
            #expect(found == ports)
        } else {
            #expect(throws: SystemError.self) { try list() }
        }
        withExtendedLifetime(tree) {}
    }
}
