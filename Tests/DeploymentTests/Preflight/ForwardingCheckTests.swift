import Diagnostics
import PacketModel
import Testing

@testable import Deployment

/// Lines that let packets pass through a host whose kernel forwards none do nothing, and that is told.
@Suite struct ForwardingCheckTests {
    @Test(arguments: [
        ([IPFamily.ipv4, .ipv6], [IPFamily.ipv4, .ipv6], true), ([.ipv4], [.ipv4], true),
        ([.ipv6], [.ipv4, .ipv6], true),
        // Whoever forwards one family only may mean it so.
        ([.ipv4, .ipv6], [.ipv6], false), ([.ipv4], [.ipv6], false), ([], [.ipv4, .ipv6], false),
    ])
    func linesThatForwardNothing(_ wanted: [IPFamily], _ isOff: [IPFamily], _ isTold: Bool) throws {
        let told = ForwardingCheck(wanted: Set(wanted), isOff: Set(isOff)).diagnostics
        #expect(told.map(\.code) == (isTold ? ["preflight.forwarding.off"] : []))
        guard isTold else { return }
        let words = try #require(told.first?.fix?.words)
        #expect(wanted.contains(.ipv4) == words.contains("ip_forward"), "\(words)")
    }
}
