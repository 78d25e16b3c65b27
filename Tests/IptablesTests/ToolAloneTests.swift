import PacketModel
import Testing

@testable import Iptables

/// How rules are printed that no kernel of today could print back to the oracle.
struct ToolAloneTests {
    @Test(arguments: [
        ("-j LED --led-trigger-id ssh", #"-j LED --led-trigger-id "ssh""#),
        (
            #"-j LED --led-delay inf --led-trigger-id "a\"b" --led-always-blink"#,
            #"-j LED --led-trigger-id "a\"b" --led-delay -1 --led-always-blink"#
        ),
        ("-j LED --led-trigger-id ssh --led-delay 0", #"-j LED --led-trigger-id "ssh""#),
        ("-j ULOG --ulog-nlgroup 1 --ulog-qthreshold 1 --ulog-cprange 0", "-j ULOG"),
        (
            #"-j ULOG --ulog-qthreshold 5 --ulog-cprange 4294967297 --ulog-nlgroup 2 --ulog-prefix "a b""#,
            #"-j ULOG --ulog-prefix "a b" --ulog-nlgroup 2 --ulog-cprange 1 --ulog-qthreshold 5"#
        ),
        ("-j CLUSTERIP", "-j CLUSTERIP"),
        (
            "-j CLUSTERIP --local-node 1 --total-nodes 2 --new --clustermac 1:0:5e:0:0:2f --hashmode sourceip",
            "-j CLUSTERIP --new --hashmode sourceip --clustermac 01:00:5E:00:00:2F --total-nodes 2 "
                + "--local-node 1 --hash-init 0"
        ),
        ("-j SECMARK --selctx a:b:c:s0", "-j SECMARK --selctx a:b:c:s0"),
    ])
    func `it is printed with its defaults`(given: String, printed: String) {
        let table = given.contains("SECMARK") ? "security" : "filter"
        let rule = OracleCase(name: "", table: table, text: "-A INPUT \(given)")
        #expect(Oracle.ours(rule, .ipv4) == .printed("-A INPUT \(printed)"))
    }
}
