import Netfilter
package import PacketModel

/// What somebody says of an address of a host.
package struct HostAddress: Hashable, Sendable {
    package var interface: String?
    package var address: IPAddress
    /// Leading bits that the hosts behind the interface share.
    package var length: Int

    /// `192.0.2.2`, `eth0=192.0.2.2`, `eth0=192.0.2.2/24`; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 {
            guard InterfacePattern(String(parts[0]))?.isWildcard == false else { return nil }
            interface = String(parts[0])
        }
        let ends = parts[parts.count - 1].split(separator: "/", omittingEmptySubsequences: false)
        guard ends.count <= 2, let address = IPAddress(String(ends[0])) else { return nil }
        self.address = address
        let width = address.family.addressWidth
        guard let length = ends.count == 2 ? Int(ends[1]) : width, (0...width).contains(length) else {
            return nil
        }
        self.length = length
    }
}

extension Simulator {
    /// Takes these for all the addresses of the host; nothing when there are none of the family.
    package mutating func tell(_ addresses: [HostAddress], of family: IPFamily) {
        for address in addresses where address.address.family == family {
            knowsAddresses = true
            localAddresses.insert(address.address.value)
            guard let interface = address.interface else { continue }
            if interfaceAddresses[interface] == nil { interfaceAddresses[interface] = address.address.value }
            if let network = Prefix(of: address.address, length: address.length) {
                routes.add(network.interval, interface)
            }
        }
    }
}
