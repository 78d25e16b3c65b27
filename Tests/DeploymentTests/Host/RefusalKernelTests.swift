import Diagnostics
import Foundation
import Kernel
import SystemPackage
import TestSupport
import Testing

@testable import Deployment

/// What makes no sense is refused, with a message that says what to do.
@Suite(.needsRoot) struct RefusalKernelTests {
    struct Wrong: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var status: Int32
        var says: [String]

        init(_ arguments: String..., status: Int32 = 1, says: [String]) {
            (self.arguments, self.status, self.says) = (arguments, status, says)
        }

        var testDescription: String { arguments.joined(separator: " ") }
    }

    private static let onAFreshHost = [
        Wrong("confirm", "1-aaaa", says: ["nothing waits to be confirmed: nothing was ever applied"]),
        Wrong("aply", status: 2, says: ["fix: write apply"]),
        Wrong(
            "rollback",
            says: ["nothing waits", "nothing was ever confirmed here"]
        ),
        Wrong(
            "rollback",
            "--to",
            "9",
            says: ["there is no generation 9", "do: wallwright history lists them"]
        ),
        Wrong("remove", status: 0, says: ["nothing to do: no rules of Wallwright are in the kernel"]),
        Wrong("apply", "missing.yaml", says: ["missing.yaml", "refused, 1 error"]),
        Wrong("apply", "broken.yaml", says: ["policy.service.unknown", "refused, 1 error"]),
        Wrong("apply", "shut.yaml", says: ["ssh", "refused"]),
        Wrong("apply", "good.yaml", "--backend", "nft", status: 2, says: ["--backend"]),
        Wrong(
            "apply",
            "old.yaml",
            "--backend",
            "nftables",
            status: 2,
            says: ["the policy says  backend: iptables"]
        ),
        Wrong("apply", "good.yaml", "--confirm-within", "4s", status: 2, says: ["takes 5s to 24h"]),
        Wrong("apply", "good.yaml", "--confirm-within", "soon", status: 2, says: ["--confirm-within"]),
        Wrong("ban", "example.org", status: 2, says: ["example.org"]),
        Wrong("ban", "192.0.2.1/24", status: 2, says: ["192.0.2.1/24"]),
        Wrong("ban", "192.0.2.1", "--for", "0s", status: 2, says: ["0s"]),
    ]

    @Test func aFreshHostRefusesWhatMakesNoSense() async throws {
        let host = try await TestHost.make()
        _ = try host.policy(TestHost.ssh, named: "good.yaml")
        _ = try host.policy("inbound:\n  - allow: shs\n", named: "broken.yaml")
        _ = try host.policy("inbound:\n  - allow: http\n", named: "shut.yaml")
        _ = try host.policy("backend: iptables\n\(TestHost.ssh)", named: "old.yaml")
        for wrong in Self.onAFreshHost { try await Self.hold(wrong, on: host) }
        #expect(try await host.firewall.listing().isEmpty)
        #expect(try host.opened().generationNumbers() == [])
    }

    private static let whileOneWaits = [
        Wrong("confirm", says: ["say which: generation 1 waits", "do: wallwright confirm 1-CODE"]),
        Wrong(
            "confirm",
            "1-aaaa",
            says: ["1-aaaa is not the code of generation 1; nothing is confirmed"]
        ),
        Wrong("confirm", "7-aaaa", says: ["7-aaaa is not the code of generation 1"]),
        Wrong(
            "apply",
            "policy.yaml",
            says: ["generation 1 by root waits to be confirmed, for ", "wallwright rollback"]
        ),
        Wrong("remove", says: ["generation 1 by root waits to be confirmed, for "]),
        Wrong("rollback", "--to", "1", says: ["generation 1 by root waits to be confirmed, for "]),
    ]

    @Test func whatWaitsKeepsOthersOut() async throws {
        let host = try await TestHost.make()
        _ = try await host.apply(TestHost.ssh)
        let before = try await host.digest()
        for wrong in Self.whileOneWaits { try await Self.hold(wrong, on: host) }
        #expect(try await host.digest() == before)
        #expect(try host.outcomes() == [.pending])
    }

    private static func hold(_ wrong: Wrong, on host: TestHost) async throws {
        let words = wrong.arguments.map { $0.hasSuffix(".yaml") ? "\(host.folder)/\($0)" : $0 }
        let result = try await host.start([TestHost.program] + words + ["--state", host.state]).result()
        #expect(result.status == wrong.status, "\(wrong): \(result)")
        for sentence in wrong.says {
            #expect((result.output + result.error).contains(sentence), "\(wrong): \(result)")
        }
    }

    /// Runs what follows without any right but to read: the folder of the program may be for root alone.
    static let nobody = [
        "/usr/bin/setpriv", "--reuid", "65534", "--clear-groups", "--inh-caps", "+dac_read_search",
        "--ambient-caps", "+dac_read_search",
    ]

    @Test func onlyRootMayAsk() async throws {
        let host = try await TestHost.make()
        let result = try await host.start(Self.nobody + [TestHost.program, "status"]).result()
        #expect(result.status == 3, "\(result)")
        #expect(
            result.error.contains("only root may see or change the firewall\ndo: sudo wallwright status\n")
        )
    }

    @Test(
        arguments: [
            ("chmod 755", 1, "is open to others\ndo: chmod 700 "),
            ("chown nobody", 1, "who could decide about the firewall\ndo: chown root "),
            ("rm -r", 4, "cannot be opened"),
        ]
    )
    func aStateThatCannotBeTrustedIsRefused(_ command: String, _ status: Int32, _ answer: String) async throws
    {
        let host = try await TestHost.make()
        #expect(try await host.run("remove").status == 0)
        let end = command == "rm -r" ? " && touch \(host.state)" : ""
        _ = try await host.script("\(command) '\(host.state)'\(end)")
        for arguments in [["apply", try host.policy(TestHost.ssh)], ["status"], ["history"]] {
            let result = try await host.start([TestHost.program] + arguments + ["--state", host.state])
                .result()
            #expect(result.status == status && result.error.contains(answer), "\(arguments): \(result)")
        }
        #expect(try await host.firewall.listing().isEmpty)
    }

    @Test(.enabled(if: StateFolderCheck.isMemory("/dev/shm"), "/dev/shm is no memory here"))
    func aStateInMemoryIsRefused() async throws {
        let host = try await TestHost.make()
        let state = "/dev/shm/\(host.folder.split(separator: "/").last ?? "")"
        defer { try? FileManager.default.removeItem(atPath: state) }
        let path = try host.policy(TestHost.ssh)
        let result = try await host.start([TestHost.program, "apply", path, "--state", state]).result()
        #expect(result.status == 1 && result.error.contains("preflight.state.volatile"), "\(result)")
        #expect(try await host.firewall.listing().isEmpty)
    }

    @Test(arguments: ["generation.json", "after/nftables.nft", "commitment.json", "pending"])
    func aDamagedStateIsSaid(_ file: String) async throws {
        let host = try await TestHost.make()
        _ = try await host.apply(TestHost.ssh)
        TestProcesses.end(mentioning: host.state)
        _ = try await host.script(
            "cd '\(host.state)/generations/1' && case \(file) in pending) rm \(file);; *) echo '{' >\(file);; esac"
        )
        for arguments in [["status"], ["history"], ["rollback"], ["apply", "\(host.folder)/policy.yaml"]] {
            let result = try await host.start([TestHost.program] + arguments + ["--state", host.state])
                .result()
            #expect((0...4).contains(result.status), "\(file), \(arguments): \(result)")
            // Who cannot go on names the file.
            if result.status == 4 { #expect(result.error.contains("\(file) is damaged"), "\(result)") }
        }
    }

    /// As in a chroot that nobody has prepared.
    @Test func withoutProcNothingIsTakenForACallForHelp() async throws {
        let host = try await TestHost.make()
        let result = try await host.script(
            "exec unshare --mount sh -c 'mount -t tmpfs none /proc && exec \"$0\" disable' \"$W\""
        )
        #expect(result.status == 4 && result.error.contains("/proc is not mounted here"), "\(result)")
    }
}

extension StateFolderCheck {
    fileprivate static func isMemory(_ path: String) -> Bool {
        StateFolderCheck(FilePath(path), mounts: (try? HostFiles().text(of: "/proc/self/mountinfo")) ?? "")
            .diagnostics
            .contains { $0.code == "preflight.state.volatile" }
    }
}
