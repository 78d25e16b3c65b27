package import PacketModel
import SystemPackage

/// The bridges of containers and virtual machines on this host.
package enum ContainerBridges {
    /// The interfaces that match one of the patterns, sorted; none where the kernel shows no interfaces.
    package static func present(_ patterns: [InterfacePattern]) -> [String] {
        HostFiles.names(in: "/sys/class/net").filter { name in
            patterns.contains { $0.matches(name) }
        }.sorted()
    }
}
