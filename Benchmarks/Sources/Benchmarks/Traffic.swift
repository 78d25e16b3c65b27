import CTraffic
import Glibc

/// What is sent in a comparison.
enum Traffic: Sendable {
    /// One-way UDP: every packet is judged as new. Whole frames, so that little but the receiver is measured.
    case newUDP4, newUDP6
    /// The same flow after the inside has answered once.
    case establishedUDP4
    /// The same as `newUDP4` from an ordinary connected UDP socket: a dearer sender, so milder ratios.
    case socketUDP4
    /// TCP connections that are opened, accepted and closed.
    case connections

    /// The largest number of packets or connections in one burst.
    var largestBurst: Int32 {
        switch self {
        case .newUDP4, .newUDP6, .establishedUDP4, .socketUDP4: 1280
        case .connections: 100
        }
    }
}

/// The sockets of one testbed, ready to send.
final class Sender {
    private let testbed: Testbed
    private let traffic: Traffic
    private let sending: Int32
    private let receiving: Int32
    private let frame: [UInt8]

    /// - Throws: also when the first packet does not arrive: a firewall that drops it would look fast.
    init(_ traffic: Traffic, over testbed: Testbed) throws {
        self.testbed = testbed
        self.traffic = traffic
        switch traffic {
        case .connections:
            frame = []
            sending = -1
            receiving = try testbed.inside.run {
                try SystemFailure.check("listen", unsafe traffic_listener(Addresses.inside, Addresses.port))
            }
        case .newUDP4, .newUDP6, .establishedUDP4, .socketUDP4:
            let six = if case .newUDP6 = traffic { true } else { false }
            let near = six ? Addresses.inside6 : Addresses.inside
            let far = six ? Addresses.outside6 : Addresses.outside
            let receiver = try testbed.inside.run {
                try SystemFailure.check(
                    "receiver",
                    unsafe traffic_udp_socket(near, Addresses.port, far, Addresses.outsidePort)
                )
            }
            let socket = try testbed.outside.run {
                try SystemFailure.check(
                    "sender",
                    unsafe traffic_udp_socket(far, Addresses.outsidePort, near, Addresses.port)
                )
            }
            receiving = receiver
            if case .socketUDP4 = traffic {
                frame = Frame.payload
                sending = socket
            } else {
                frame = six ? Frame.udp6 : Frame.udp4
                sending = try testbed.outside.run {
                    try SystemFailure.check("packet socket", unsafe traffic_frame_socket("out"))
                }
            }
            _ = try burst(1)
            try Self.expect(receiver, "the first packet did not arrive")
            if case .establishedUDP4 = traffic {
                _ = unsafe traffic_burst(receiver, Frame.payload, Frame.payload.count, 1)
                try Self.expect(socket, "the answer did not arrive")
            }
            if socket != sending { close(socket) }
        }
    }

    deinit {
        close(receiving)
        if sending >= 0 { close(sending) }
    }

    /// Sends a burst and gives the nanoseconds it took, the receiver's work included.
    func burst(_ count: Int32) throws -> Double {
        let taken =
            switch traffic {
            case .newUDP4, .newUDP6, .establishedUDP4, .socketUDP4:
                unsafe traffic_burst(sending, frame, frame.count, count)
            case .connections:
                try testbed.outside.run {
                    unsafe traffic_connections(receiving, Addresses.inside, Addresses.port, count)
                }
            }
        return Double(try SystemFailure.check("burst", taken))
    }

    private static func expect(_ socket: Int32, _ complaint: String) throws {
        for _ in 0..<100 {
            if try SystemFailure.check("receive", traffic_receive(socket)) == 1 { return }
            usleep(1000)
        }
        throw SystemFailure.traffic(complaint)
    }
}
