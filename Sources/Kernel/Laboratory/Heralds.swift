import CKernel
import Glibc
import Netlink
import SystemPackage

/// Frames that tell when the kernel has dealt with everything that was sent before them.
///
/// One goes in by each link and comes back by it. A network of virtual interfaces hands frames over in the order in which
/// one processor sent them (enqueue_to_backlog, net/core/dev.c), rules, routing, resets and ICMP errors on the way. So
/// what has not been seen when the heralds are back is not on its way by so many hops; ``rounds`` without anything new are
/// longer than the longest way that a packet and its answer take.
final class Heralds {
    /// A packet in, its forwarding or the answer, and the answer to that.
    static let rounds = 3

    private let network: TestNetwork
    private let outside: Socket
    private let inside: Socket
    private let outsideLinks: [Int32]
    private let insideLinks: [Int32]
    private var awaitedInside: Set<Int32> = []
    private var awaitedOutside: Set<Int32> = []

    /// IEEE 802, the first type for local experiments: no protocol of the kernel takes it.
    private static let type: UInt16 = 0x88B5

    /// Enters both namespaces, the inside one last.
    init(_ network: TestNetwork) throws {
        self.network = network
        func open() throws -> (Socket, [Int32]) {
            let socket = try Socket(AF_PACKET, SOCK_DGRAM, protocol: Int32(Self.type.bigEndian))
            let indices = network.links.map { Int32(unsafe if_nametoindex($0.name)) }
            return (socket, indices)
        }
        try network.outside.enter()
        (outside, outsideLinks) = try open()
        try network.inside.enter()
        (inside, insideLinks) = try open()
    }

    var interests: [Poll.Interest] {
        [Poll.Interest(socket: outside), Poll.Interest(socket: inside)]
    }

    /// Sends one in by each link. One that cannot be sent is awaited in vain, and then time tells silence.
    func send() {
        awaitedInside = Set(insideLinks)
        awaitedOutside = Set(outsideLinks)
        for (number, link) in outsideLinks.enumerated() {
            Self.send(by: outside, link, to: TestNetwork.hardwareAddress(.inside, link: number))
        }
    }

    /// Sends those that came in back; whether all are back.
    func haveReturned() -> Bool {
        for link in Self.arrivals(inside) where awaitedInside.remove(link) != nil {
            guard let number = insideLinks.firstIndex(of: link) else { continue }
            Self.send(by: inside, link, to: TestNetwork.hardwareAddress(.outside, link: number))
        }
        for link in Self.arrivals(outside) { awaitedOutside.remove(link) }
        return awaitedOutside.isEmpty
    }

    private static func arrivals(_ socket: Socket) -> [Int32] {
        var links: [Int32] = []
        while let (_, from) = socket.receiveFrom(sockaddr_ll()) {
            if Int32(from.sll_pkttype) != PACKET_OUTGOING { links.append(from.sll_ifindex) }
        }
        return links
    }

    private static func send(by socket: Socket, _ interface: Int32, to neighbour: [UInt8]) {
        var address = sockaddr_ll()
        address.sll_family = UInt16(AF_PACKET)
        address.sll_protocol = type.bigEndian
        address.sll_ifindex = interface
        address.sll_halen = 6
        unsafe withUnsafeMutableBytes(of: &address.sll_addr) {
            unsafe $0.copyBytes(from: neighbour.prefix(6))
        }
        _ = socket.send([UInt8](repeating: 0, count: 46), toStructure: address)
    }
}
