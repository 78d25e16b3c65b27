import PacketModel
import Testing

@testable import Kernel

@Suite struct HostTests {
    @Test(
        arguments: [
            ("Port 2222\n", [2_222]),
            ("#Port 22\nPort 22\n  port=8022\n", [22, 8_022]),
            ("Port\t22 # the usual one\n", [22]),
            ("ListenAddress 192.0.2.1:2022\n", [2_022]),
            ("ListenAddress [2001:db8::1]:2023\n", [2_023]),
            ("ListenAddress 2001:db8::22\nListenAddress 192.0.2.1\n", []),
            ("Port none\nPort 70000\nPermitRootLogin no\n", []),
            ("", []),
        ] as [(String, [UInt16])]
    )
    func theConfigurationOfSSHNamesPorts(_ text: String, ports: [UInt16]) {
        #expect(SSHDaemon.portsOfConfiguration(text) == ports)
    }

    @Test func onlyListeningSocketsOfATableCount() {
        let table = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0
               1: 0100007F:0CEA 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0

            """
        let sockets = SSHDaemon.listeningSockets(table)
        #expect(sockets.map(\.port) == [22])
        #expect(sockets.map(\.inode) == ["4711"])
        #expect(SSHDaemon.listeningSockets("").isEmpty)
    }

    @Test func interfacesOfThisHostAreFoundByPattern() throws {
        let patterns = try ["lo", "no-such-*"].map { try #require(InterfacePattern($0)) }
        #expect(ContainerBridges.present(patterns) == ["lo"])
        #expect(ContainerBridges.present([]).isEmpty)
    }
}
