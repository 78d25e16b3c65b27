import Kernel
import PacketModel

/// The host of some cases, 192.0.2.80.
extension PlanCase {
    static let listeners = [
        Listener(.tcp, address("0.0.0.0"), port: 22, process: "sshd"),
        Listener(.tcp, address("::"), port: 22, process: "sshd"),
        Listener(.tcp, address("0.0.0.0"), port: 5432, process: "postgres"),
        Listener(.tcp, address("::"), port: 5432, process: "postgres"),
        Listener(.tcp, address("127.0.0.1"), port: 3306, process: "mysqld"),
        Listener(.tcp, address("::"), port: 80, takesBothFamilies: true, process: "nginx"),
        Listener(.udp, address("0.0.0.0"), port: 41234, process: "avahi-daemon"),
        Listener(.udp, address("192.0.2.80"), port: 514, process: nil),
    ]

    /// The first carries the session.
    static let liveConnections = [
        incoming("203.0.113.9", to: 22, "sshd"),
        incoming("203.0.113.10", to: 5432, "postgres"),
        outgoing("2001:db8::7", to: 5671, "worker"),
        outgoing("192.0.2.53", to: 53, "unbound"),
        incoming("127.0.0.1", to: 5432, "postgres"),
    ]

    static func address(_ text: String) -> IPAddress {
        IPAddress(text) ?? IPAddress(family: .ipv4, value: 0)
    }

    /// Somebody's connection to this host.
    static func incoming(_ remote: String, to port: UInt16, _ process: String) -> LiveConnection {
        LiveConnection(
            .tcp,
            local: address("192.0.2.80"),
            localPort: port,
            remote: address(remote),
            remotePort: 51234,
            isInbound: true,
            interface: "eth0",
            process: process
        )
    }

    static func outgoing(_ remote: String, to port: UInt16, _ process: String) -> LiveConnection {
        LiveConnection(
            .tcp,
            local: address("192.0.2.80"),
            localPort: 42222,
            remote: address(remote),
            remotePort: port,
            isInbound: false,
            interface: "eth0",
            process: process
        )
    }
}
