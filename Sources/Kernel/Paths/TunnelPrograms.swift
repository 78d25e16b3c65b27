import Netlink
import PacketModel
import SystemPackage

/// Programs that carry an interface of theirs by sockets of their own: OpenVPN, WireGuard outside of the kernel
/// (Documentation/networking/tuntap.rst).
enum TunnelPrograms {
    /// What carries an interface; empty where no program is found that has it, or it has no socket for it.
    static func flows(of interface: String) throws(SystemError) -> [OuterFlow] {
        var flows: [OuterFlow] = []
        for process in try holders(of: interface) {
            for socket in try HeldSocket.all(of: process) ?? [] where !socket.isListening {
                flows += flow(socket).map { [$0] } ?? []
            }
        }
        return flows
    }

    /// Its interface for management is no carrier.
    private static func flow(_ socket: HeldSocket) -> OuterFlow? {
        let ends = socket.ends
        let isConnected = ends.remotePort != 0
        guard ends.localPort != 0, !ends.local.isLoopback, !(isConnected && ends.remote.isLoopback) else {
            return nil
        }
        return OuterFlow(
            socket.transportProtocol,
            remote: isConnected ? ends.remote : nil,
            local: ends.local.value == 0 ? nil : ends.local,
            port: ends.localPort,
            // Whoever is connected may have begun it, and begins it anew.
            begunHere: isConnected ? ends.remotePort : nil
        )
    }

    /// How many descriptors of others than root are looked at, of one process and of all.
    private static let mostOfOne = 1_024
    private static let mostOfOthers = 100_000

    /// The processes that have opened an interface: a descriptor of it says its name (proc_pid_fdinfo(5)).
    private static func holders(of interface: String) throws(SystemError) -> [Int32] {
        let files = HostFiles()
        var holders: [Int32] = []
        var allowance = mostOfOthers
        for process in try files.names(in: "/proc").compactMap({ Int32($0) }).sorted() where allowance > 0 {
            let isRoots = try ProcessUsers(of: process, files)?.areRoots ?? false
            let found = try SocketOwners.readable { () throws(SystemError) in
                let names = try files.names(in: "/proc/\(process)/fd", atMost: isRoots ? .max : mostOfOne)
                if !isRoots { allowance -= names.count }
                return try opens(interface, "/proc/\(process)", names, files)
            }
            if found == true { holders.append(process) }
        }
        return holders
    }

    private static func opens(
        _ interface: String,
        _ folder: String,
        _ descriptors: [String],
        _ files: HostFiles
    ) throws(SystemError) -> Bool {
        for name in descriptors {
            guard try files.link(at: "\(folder)/fd/\(name)")?.hasSuffix("/net/tun") == true,
                let text = try files.text(of: "\(folder)/fdinfo/\(name)")
            else { continue }
            let words = text.split { $0 == "\n" || $0 == "\t" || $0 == " " }
            if zip(words, words.dropFirst()).contains(where: { $0 == "iff:" && $1 == interface }) {
                return true
            }
        }
        return false
    }
}
