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
            #expect(!text.contains("\nwallwright: confirmed"), "\(text)")
            count += text.split(separator: "\n").count
        }
        #expect(count > Self.names.count * Self.commands.count)
    }
}
