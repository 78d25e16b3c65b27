import Compiler
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// What `plan` lets pass, `apply` can do; where it cannot, `plan` says so in a sentence with what to do.
@Suite(.needsRoot) struct RestrictedHostKernelTests {
    @Test(arguments: RestrictedHost.withoutACapability) func withoutACapability(_ place: RestrictedHost)
        async throws
    {
        for backend in place.backends { try await Self.hold(place, backend) }
    }

    @Test(arguments: RestrictedHost.others) func withoutSomethingElse(_ place: RestrictedHost) async throws {
        for backend in place.backends { try await Self.hold(place, backend) }
    }

    /// All of it in one surrounding: in a namespace of its own the next command would find another kernel.
    private static func hold(_ place: RestrictedHost, _ backend: BackendKind) async throws {
        let host = try await TestHost.make()
        let policy = try host.policy(TestHost.ssh)
        let wider = try host.policy(TestHost.web, named: "wider.yaml")
        // What is taken away comes back; with no room for long messages in a socket the watch looks more often.
        let more = """
            "$W" try '\(policy)' --backend \(backend.rawValue) </dev/null >try.txt 2>&1; echo "try $?"
            nft flush ruleset; iptables-legacy -F; ip6tables-legacy -F
            for i in 1 2 3 4 5 6 7 8 9 10; do "$W" status $S >status.txt 2>&1; grep -q 'holds what' status.txt && break; sleep 0.5; done
            run status status
            """
        let lifeAfter = """
            run confirm confirm "$(ticket apply)" --same-session
            run ban ban 192.0.2.77
            run wider apply '\(wider)' --backend \(backend.rawValue) --confirm-within 1m
            run rollback rollback
            run status status
            \(place.triesToo ? more : "")
            """
        let script = """
            W='\(TestHost.program)'; S='--state \(host.state)'; cd '\(host.folder)'
            run() { name=$1; shift; "$W" "$@" $S </dev/null >$name.txt 2>&1; echo "$name $?"; }
            ticket() { grep -o 'confirm [0-9]*-[a-z0-9]*' $1.txt | head -n 1 | cut -d ' ' -f 2; }
            run plan plan '\(policy)' --backend \(backend.rawValue)
            run apply apply '\(policy)' --backend \(backend.rawValue) --confirm-within 1m
            [ -n "$(ticket apply)" ] || exit 0
            \(place.isLivedWith ? lifeAfter : "run rollback rollback; exit 0")
            """
        let result = try await host.start(place.wrapper + ["/bin/sh", "-c", script]).result()
        let ends = result.output.split(separator: "\n").map(String.init)
        func said(_ name: String) -> String {
            (try? HostFiles().text(of: "\(host.folder)/\(name).txt")) ?? ""
        }
        // What is loaded to see how the kernel lists it goes again; the watch may be at it.
        #expect(try await host.waits(.seconds(5)) { try await leftovers(on: host).isEmpty })
        let what = "\(place.name), \(backend.rawValue): \(ends)\n\(said("plan"))\n\(said("apply"))"
        if let obstacle = place.obstacle {
            #expect(ends.first.map { ["plan 1", "plan 4"].contains($0) } == true, "\(what)")
            #expect(ends.dropFirst().first.map { ["apply 1", "apply 4"].contains($0) } == true, "\(what)")
            for name in ["plan", "apply"] {
                #expect(said(name).contains(obstacle), "\(what)")
                #expect(said(name).contains("\nfix: ") || said(name).contains("\ndo: "), "\(what)")
            }
            #expect(try await host.firewall.listing().isEmpty)
        } else if !place.isLivedWith {
            #expect(ends == ["plan 0", "apply 0", "rollback 0"], "\(what)")
        } else {
            let tried = place.triesToo ? ["try 0"] : []
            let good = ["plan 0", "apply 0", "confirm 0", "ban 0", "wider 0", "rollback 0"] + tried
            #expect(
                ends.filter { !$0.hasPrefix("status ") } == good,
                "\(what)\n\(said("confirm"))\(said("ban"))\(said("wider"))\(said("try"))"
            )
            #expect(said("status").contains("holds what was applied"), "\(what)\n\(said("status"))")
        }
    }

    /// Tables, chains and sets of no generation.
    private static func leftovers(on host: TestHost) async throws -> [String] {
        var found: [String] = []
        for (program, arguments) in [
            ("nft", ["list", "ruleset"]), ("iptables-legacy-save", []), ("ipset", ["save"]),
        ] {
            let text = try await Tool(named: program).run(arguments, text: "", in: host.network.inside)
            found += ["wallwright_copy", "WALLWRIGH=", "ww-probe"].filter(text.contains)
        }
        return found
    }
}
