import PacketModel

/// An address and a port as people write them.
struct Endpoint: CustomStringConvertible {
    private let address: IPAddress
    private let port: UInt16?

    init(_ address: IPAddress, _ port: UInt16?) {
        self.address = address
        self.port = port
    }

    /// `192.0.2.5:22`, `[2001:db8::5]:22`; without a port the address alone.
    var description: String {
        guard let port else { return address.description }
        return switch address.family {
        case .ipv4: "\(address):\(port)"
        case .ipv6: "[\(address)]:\(port)"
        }
    }
}
