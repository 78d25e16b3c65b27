import Kernel
import PacketModel
import Policy
import TestSupport
import Testing

/// What is typed wrongly is answered with what to type.
@Suite(.needsRoot) struct ArgumentTests {
    struct Slip: Sendable, CustomTestStringConvertible {
        var words: [String]
        var says: String
        var saysNot = "\u{0}"

        var testDescription: String { words.joined(separator: " ") }
    }

    static let slips = [
        Slip(words: ["ban", "192.0.2.1", "--for", "1"], says: "a unit is missing: write 1s, 1m, 1h or 1d"),
        Slip(
            words: ["ban", "192.0.2.1", "--for", "soon"],
            says: "a time is a number and a unit: 90s, 10m, 1h, 7d"
        ),
        Slip(words: ["apply", "--confirm-within", "60"], says: "a unit is missing: write 60s"),
        Slip(words: ["confirm", "--extend", "10"], says: "a unit is missing: write 10s, 10m"),
        Slip(words: ["history", "--last", "0"], says: "--last takes a number from 1"),
        Slip(words: ["apply", "--nwo"], says: "--nwo", saysNot: "'--now'"),
        Slip(words: ["apply", "--forse"], says: "--forse", saysNot: "'--force'"),
        Slip(words: ["confirm", "--same-sesion"], says: "--same-sesion", saysNot: "'--same-session'"),
        Slip(words: ["confirm", "--extnd", "10m"], says: "Did you mean '--extend'?"),
        Slip(words: ["rolback"], says: "fix: write rollback"),
    ]

    @Test(arguments: slips) func aSlipIsAnswered(_ slip: Slip) async throws {
        let host = try await TestHost.make()
        let result = try await host.start([TestHost.program] + slip.words).result()
        #expect(result.status == 2 && result.error.contains(slip.says), "\(result)")
        #expect(!result.error.contains(slip.saysNot), "\(result)")
        #expect(result.output.isEmpty)
    }

    /// Whoever is not root gets the whole command to type again.
    @Test func theHintForSudoHasAllArguments() async throws {
        let host = try await TestHost.make()
        let words = ["plan", "my policy.yaml", "--backend", "nftables", "--state", "/tmp/it's"]
        let result = try await host.start(RefusalKernelTests.nobody + [TestHost.program] + words).result()
        let hint = "do: sudo wallwright plan 'my policy.yaml' --backend nftables --state '/tmp/it'\\''s'"
        #expect(result.status == 3 && result.error.contains(hint), "\(result)")
    }

    /// Every service that has ports is found by each end of them.
    @Test func servicesAreFoundByPort() async throws {
        let host = try await TestHost.make()
        let script = ServiceCatalogue.all.flatMap { service in
            service.members.members.filter { $0.key.hasPorts }.compactMap { transport, ports in
                ports.intervals.first.map {
                    "$W services \(transport)/\($0.lower) | grep -q '^\(service.name) ' || echo \(service.name) \(transport)/\($0.lower)"
                }
            }
        }
        #expect(script.count > 100)
        let missed = try await host.script(script.joined(separator: "\n"))
        #expect(missed.output.isEmpty, "\(missed)")
        let plain = try await host.start([TestHost.program, "services", "5432"]).result()
        #expect(
            plain.output == "postgresql  tcp/5432  PostgreSQL (also postgres)\n"
                || plain.output.contains("tcp/5432"),
            "\(plain)"
        )
        let unknown = try await host.start([TestHost.program, "services", "tcp/3"]).result()
        #expect(
            unknown.status == 1 && unknown.error.contains("do: a policy takes the port itself: tcp/3"),
            "\(unknown)"
        )
    }
}
