import Foundation
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// Nothing that comes from outside reaches a terminal as it came: names of files, users, services and addresses, what the
/// environment says, logs, rules and comments, in every command that can be told of them.
@Suite(.needsRoot) struct HostileNamesKernelTests {
    /// As printf(1) writes them.
    static let names = [
        #"a\033[31mb"#, #"a\302\23331mb"#, #"a\033]0;t\007"#, #"a\342\200\256b"#, #"a\377\233b"#,
        #"a\010\177b"#,
        #"a\nwallwright: confirmed"#, #"a\rb"#,
    ]

    /// What `fmt` prints is the file, for a program; to a terminal it is shown as all else.
    private static let commands = [
        #"$W "$H""#, #"$W check "$H""#, #"$W compile "$H""#, #"$W fmt "$H" >/dev/null"#, #"$W try "$H""#,
        #"$W explain "$H" --packet "$H""#, #"$W services "$H""#, #"$W unit "$H""#, #"$W check --$H x"#,
        #"$W plan "$H" $S"#, #"$W apply "$H" $S"#, #"$W confirm "$H" $S"#, #"$W rollback --to "$H" $S"#,
        #"$W ban "$H" $S"#, #"$W unban "$H" $S"#, #"$W ban 192.0.2.1 --for "$H" $S"#, #"$W init "$H/x""#,
        #"$W restore --ipv4 "$H" $S"#, #"$W restore --tables ./rules $S"#, #"$W restore --ipv4 ./rules $S"#,
        #"$W save --root "$PWD/$H""#, #"$W save --using "$H""#, #"$W enable --root "$PWD/$H" $S"#,
        #"$W status --state "/$H""#, #"$W boot --state "/$H""#, #"$W history --state "$PWD/$H""#,
        #"$W fmt ./rules >/dev/null"#, #"$W fmt ./script >/dev/null"#, #"$W check ./policy"#,
        #"$W explain ./rules --packet "tcp $H""#,
        #"SUDO_USER="$H" SSH_CONNECTION="$H 1 $H 2" $W apply ./good $S --confirm-within 1h"#,
        #"SUDO_USER="$H" $W confirm 1-"$H" $S"#, #"$W status $S"#, #"$W history $S"#,
        #"SUDO_USER="$H" $W rollback $S"#, #"$W status $S"#, #"$W history $S"#,
    ]

    @Test func whatIsSaidHasNothingThatATerminalObeys() async throws {
        let host = try await TestHost.make()
        var count = 0
        for name in Self.names {
            let files = #"""
                H=$(printf '\#(name)'); export H
                printf '%s x\n' "$H" >"./$H"
                printf '*filter\n-A INPUT -m comment --comment "%s" -j %s\n' "$H" "$H" >rules
                printf '#!/bin/sh\niptables -A "%s" -j ACCEPT\n%s x\niptables -N "%s"\n' "$H" "$H" "$H" >script
                printf 'wallwright: 1\ninbound:\n  - allow: "%s"\n  - deny: any\n    from: "%s"\n%s: 1\n' "$H" "$H" "$H" >policy
                printf 'wallwright: 1\nmanagement: none\noutbound:\n  - allow: any\n' >good
                """#
            let lines = Self.commands.map { "{ \($0); } >>said 2>&1 </dev/null; printf '\\n' >>said" }
            let log = "printf '%s\\n' \"$H\" >>'\(host.state)/watch.log'\n"
            _ = try await host.script(files + "\n: >said\n" + lines.prefix(30).joined(separator: "\n"))
            _ = try await host.script(
                "H=$(printf '\(name)'); export H\n" + log + lines.dropFirst(30).joined(separator: "\n")
            )
            let text = try Self.text(host, name)
            #expect(!text.contains("\nwallwright: confirmed"), "\(text)")
            count += text.split(separator: "\n").count
        }
        #expect(count > Self.names.count * Self.commands.count)
    }

    /// What the machine itself calls its things: programs that listen, users, interfaces, chains, sets, tables, rules,
    /// services, the container that it is.
    private static let surroundings = #"""
        perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 0); bind(S, sockaddr_in(8001, INADDR_ANY)); listen(S, 1);
            $0 = $ENV{H}; sleep 120' &
        perl -MSocket -e 'socket(S, PF_INET, SOCK_DGRAM, 0); bind(S, sockaddr_in(8002, INADDR_ANY)); $0 = $ENV{H};
            $( = $) = 4711; $< = $> = 4711; sleep 120' &
        ip link add "$H" type bridge; ip link set "$H" alias "$H"; ip link set "$H" up
        ip link add t1 type veth peer name t2; ip link set t1 master "$H"; ip link set t2 master "$H"
        for tool in iptables-nft iptables-legacy; do
            $tool -N "$H"; $tool -A "$H" -m comment --comment "$H" -j ACCEPT; $tool -I INPUT -i "$H" -j "$H"
            $tool -t nat -A PREROUTING -p tcp --dport 81 -m comment --comment "$H" -j REDIRECT --to-ports 82
        done
        ipset create "$H" hash:net comment; ipset add "$H" 198.51.100.0/24 comment "$H"
        nft add table inet x "{ comment \"$H\"; chain c { type filter hook input priority 0; iifname \"$H\" accept comment \"$H\"; }; }"
        mount -t tmpfs tmpfs /mnt; printf 'root:x:0:0::/root:/bin/sh\n%s:x:4711:4711::/:/bin/sh\n' "$H" >/mnt/passwd
        mount --bind /mnt/passwd /etc/passwd
        mount -t tmpfs tmpfs /run; mkdir /run/systemd; printf '%s\n' "$H" >/run/systemd/container
        for i in 1 2 3 4 5 6 7 8; do ss -Hln | grep -q :8002 && break; sleep 0.2; done
        """#

    private static let commandsThere = [
        #"$W plan ./good $S"#, #"$W plan ./good $S --json"#, #"$W plan ./good $S --backend iptables"#,
        #"$W init ./new.yaml && cat ./new.yaml"#, #"$W check ./new.yaml"#,
        #"$W apply ./good $S --backend iptables-nft --confirm-within 1h"#, #"$W status $S"#,
        #"$W status $S --json"#,
        #"$W rollback $S"#, #"$W save --root "$PWD/root""#, #"$W apply ./good $S --confirm-within 1h"#,
        #"$W confirm --extend 5m $S"#, #"$W rollback $S"#, #"$W remove $S"#, #"$W history $S --json"#,
    ]

    @Test(arguments: names) func whatTheMachineCallsItsThingsIsShownAndNotObeyed(_ name: String) async throws
    {
        let host = try await TestHost.make()
        let lines = Self.commandsThere.map { "{ \($0); } >>said 2>&1 </dev/null; printf '\\n' >>said" }
        let script = """
            H=$(printf '\(name)'); export H; mkdir -p root/etc/iptables; : >said
            printf 'wallwright: 1\\nmanagement: none\\noutbound:\\n  - allow: any\\n' >good
            { \(Self.surroundings)
            } >made 2>&1
            \(lines.joined(separator: "\n"))
            cat '\(host.state)'/*.log '\(host.state)'/generations/*/guard.log >>said
            """
        let path = "\(host.folder)/script"
        try "cd '\(host.folder)'; W='\(TestHost.program)'; S='--state \(host.state)'\n\(script)"
            .write(toFile: path, atomically: true, encoding: .utf8)
        _ = try await host.start(["/usr/bin/unshare", "--mount", "/bin/sh", path]).result(
            within: .seconds(120)
        )
        let text = try Self.text(host, name)
        // It was there to be said: what listens, and whose it is.
        #expect(text.contains("8001") && text.contains("8002"), "\(text)")
        #expect(!text.contains("\nwallwright: confirmed"), "\(text)")
        #expect(text.contains(" of user "), "\(text)")
    }

    /// What was said; nothing in it is a command to a terminal.
    private static func text(_ host: TestHost, _ name: String) throws -> String {
        let said = try Data(contentsOf: URL(fileURLWithPath: "\(host.folder)/said"))
        let text = try #require(String(validating: said, as: UTF8.self), "\(name): no UTF-8")
        let strange = text.unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: scalar != "\n"
            default: false
            }
        }
        #expect(
            strange.isEmpty,
            "\(name): \(strange.map { String($0.value, radix: 16) }) in \(text.debugDescription)"
        )
        return text
    }
}
