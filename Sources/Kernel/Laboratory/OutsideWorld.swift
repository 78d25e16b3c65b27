import Glibc
import Netlink
import PacketModel
import SystemPackage

/// The outside ends of the links.
struct OutsideWorld {
    let capture: PacketCapture
    /// The index of each link's outside end.
    let interfaces: [String: Int32]
    private let injector: PacketInjector
    private let network: TestNetwork

    /// Made on a thread that is in the outside namespace.
    init(_ network: TestNetwork) throws(SystemError) {
        self.network = network
        capture = try PacketCapture()
        injector = try PacketInjector()
        var interfaces: [String: Int32] = [:]
        for link in network.links {
            let index = unsafe if_nametoindex(link.name)
            guard index != 0 else { throw SystemError("if_nametoindex \(link.name)", Errno(rawValue: errno)) }
            interfaces[link.name] = Int32(index)
        }
        self.interfaces = interfaces
    }

    func inject(_ packet: WirePacket, on link: String) throws(SystemError) {
        guard let number = network.links.firstIndex(where: { $0.name == link }), let index = interfaces[link]
        else { throw SystemError("link \(link)", .noSuchAddressOrDevice) }
        let neighbour = TestNetwork.hardwareAddress(.inside, link: number)
        try injector.send(packet, by: index, to: neighbour)
    }

    /// Says to the sender of a packet that it was too big; false when that could not be sent.
    func shrinkPath(of quoted: WirePacket, to mtu: UInt16, on link: String) -> Bool {
        guard let router = network.link(link)?.outsideAddress(quoted.family) else { return false }
        do {
            try inject(.tooBig(from: router, mtu: mtu, quoting: quoted), on: link)
            return true
        } catch {
            return false
        }
    }
}
