import PacketModel
import TestSupport
import Testing

@testable import Kernel

@Suite struct HostTests {
    @Test func interfacesOfThisHostAreFoundByPattern() throws {
        let patterns = try ["lo", "no-such-*"].map { try #require(InterfacePattern($0)) }
        #expect(try ContainerBridges.present(patterns) == ["lo"])
        #expect(try ContainerBridges.present([]).isEmpty)
    }

    @Test(.needsRoot) func interfacesAreThoseOfTheNamespace() async throws {
        let network = try await Setting().network
        let patterns = try ["eth*", "lan0"].map { try #require(InterfacePattern($0)) }
        #expect(try await network.inside.run { try ContainerBridges.present(patterns) } == ["eth0", "lan0"])
    }
}
