import Compiler
import Diagnostics
import TestSupport
import Testing

@testable import Policy

/// No number in a policy or in a file of addresses ends the program.
@Suite struct ExtremeNumberTests {
    private static let policy = """
        wallwright: 1
        management:
          from: 10.0.0.1/32
        inbound:
          - allow: [tcp/22, udp/60000-61000, icmp/8/0, protocol/47]
            from: [192.0.2.5, 192.0.2.0/24, 192.0.2.1-192.0.2.9, 2001:db8::1/64]
            limit: 50/minute burst 5 per source/24
            until: 2026-12-01 18:30
          - deny: tcp/1-9
            except: [10.0.0.0/8]
        outbound:
          - allow: any
            user: [1000, 1000-1005]
        log:
          dropped: 5/minute
          group: 3
        nat:
          - forward: tcp/80
            to: 10.0.0.5:8080

        """

    @Test func aPolicyIsReadOrRefused() {
        for text in ExtremeNumbers.texts(of: Self.policy, random: 300, seed: 5) {
            let source = SourceFile(name: "policy.yaml", text: text)
            let read = PolicyReader.read(source: source, environment: PolicyEnvironment(folder: "/"))
            _ = TerminalRenderer(usesColour: false).render(read.diagnostics)
            _ = read.policy?.loweringDiagnostics()
        }
    }

    @Test func aFileOfAddressesIsReadOrRefused() {
        let seed =
            "192.0.2.5\n10.0.0.0/8 # 1\n10.0.0.1-10.0.0.9\n2001:db8::1/64\n::ffff:1.2.3.4\n1:2:3:4:5:6:7:8-::9\n"
        for text in ExtremeNumbers.texts(of: seed, random: 300, seed: 6) {
            _ = SetFile.read(SourceFile(name: "set", text: text))
        }
    }
}
