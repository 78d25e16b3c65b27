package import Netlink
package import PacketModel

/// The bridges of containers and virtual machines on this host.
package enum ContainerBridges {
    /// The interfaces of the calling thread's network namespace that match one of the patterns, sorted.
    package static func present(_ patterns: [InterfacePattern]) throws(SystemError) -> [String] {
        try interfaces().filter { name in patterns.contains { $0.matches(name) } }.sorted()
    }

    /// The names of all interfaces.
    package static func interfaces() throws(SystemError) -> [String] {
        Array(try InterfaceNames.read().values)
    }
}
