import Diagnostics
import Kernel
import Testing

@testable import Deployment

/// The checks of IPv6 and of connection tracking.
@Suite struct PreflightNetworkTests {
    @Test(arguments: PreflightRequest.Backend.all)
    func iptablesNeedsIPv6AndNftablesDoesNot(_ backend: PreflightRequest.Backend) async throws {
        let sample = try PreflightSample()
        try sample.write("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1\n")
        let off = await IPv6Check(reading: sample.host(backend)).diagnostics
        #expect(off.map(\.severity) == [.note])
        try sample.remove("/proc/sys/net/ipv6")
        try sample.remove("/proc/thread-self/net/if_inet6")
        let missing = await IPv6Check(reading: sample.host(backend)).diagnostics
        #expect(missing.map(\.severity) == [backend == .nftables ? .note : .error])
    }

    @Test(
        arguments: [
            (1_000, 262_144, false), (235_929, 262_144, false), (235_930, 262_144, true), (9, 10, true),
            (262_144, 262_144, true), (5, 0, false),
        ]
    )
    func aTableOfConnectionsIsNearlyFullAtNineTenths(count: Int, maximum: Int, isFull: Bool) async throws {
        let sample = try PreflightSample()
        try sample.write("/proc/sys/net/netfilter/nf_conntrack_count", "\(count)\n")
        try sample.write("/proc/sys/net/netfilter/nf_conntrack_max", "\(maximum)\n")
        let said = await ConntrackTableCheck(reading: sample.host()).diagnostics
        #expect(said.map(\.severity) == (isFull ? [.warning] : []))
    }

    @Test func connectionsThatAreNotTakenUpAreWarnedOf() {
        #expect(ConntrackPickupCheck(loose: 0).diagnostics.map(\.severity) == [.warning])
        #expect(ConntrackPickupCheck(loose: 1).diagnostics.isEmpty)
        #expect(ConntrackPickupCheck(loose: nil).diagnostics.isEmpty)
    }
}
