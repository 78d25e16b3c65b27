import Kernel
import PacketModel
import Policy

extension Listener {
    /// A socket of UDP on a port that the kernel hands out (ip(7), `ip_local_port_range`) waits for answers, mostly.
    var isClient: Bool {
        transportProtocol == .udp && (32_768...60_999).contains(port)
            && !ServiceCatalogue.all.contains { $0.members.contains(.udp, port) && !$0.isRange }
    }
}

extension Service {
    /// Of so many ports that a port says little.
    fileprivate var isRange: Bool {
        members.members.values.contains { $0.intervals.contains { $0.upper - $0.lower > 15 } }
    }
}

extension IPAddress {
    var isUnspecified: Bool { value == 0 }
}
