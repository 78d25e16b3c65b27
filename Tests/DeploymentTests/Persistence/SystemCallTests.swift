import Compiler
import Foundation
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// No call that a boot makes is one that its unit forbids (systemd.exec(5), "SystemCallFilter=").
@Suite(
    .needsRoot,
    .enabled(
        if: ["strace", "systemd-analyze"].allSatisfy(Tool.isInstalled),
        "strace or systemd-analyze is missing"
    )
)
struct SystemCallTests {
    @Test(arguments: Software.systemd.backends)
    func theFilterLetsABootThrough(_ backend: BackendKind) async throws {
        let host = try PersistentHost([.systemd])
        try await host.confirm(RebootTests.lines, backend)
        try await host.enable()
        _ = try await host.boot("strace -f -o /calls \(try host.unit("wallwright.service", "ExecStart"))")
        let log = try host.text("/calls")
        let made = Set(log.split(separator: "\n").compactMap(Self.call))
        #expect(made.contains("unshare") && made.count > 30)
        #expect(made.subtracting(try await allowed(in: host)) == [])
        #expect(!log.contains("PROT_WRITE|PROT_EXEC"))
        let families = try host.unit("wallwright.service", "RestrictAddressFamilies").split(separator: " ")
        for call in log.matches(of: /socket\((\w+)/) { #expect(families.contains(call.1), "\(call.0)") }
    }

    /// The places where the unit may write (`ReadWritePaths=`), the devices that it sees, and itself.
    private static let open = ["/var/lib/wallwright", "/run/", "/dev/null", "/proc/"]

    @Test(arguments: Software.systemd.backends)
    func aBootWritesWhereTheUnitLetsIt(_ backend: BackendKind) async throws {
        let host = try PersistentHost([.systemd])
        try await host.confirm(RebootTests.lines, backend)
        try await host.enable()
        let trace = "strace -f -e trace=openat,open,mkdir,rename,unlink -o /calls"
        _ = try await host.boot("\(trace) \(try host.unit("wallwright.service", "ExecStart"))")
        for line in try host.text("/calls").split(separator: "\n") {
            guard
                ["O_WRONLY", "O_RDWR", "O_CREAT", "unlink(", "rename("].contains(where: { line.contains($0) }
                ),
                let path = line.firstMatch(of: /\("?(?:AT_FDCWD, ")?(\/[^"]*)"/)
            else { continue }
            #expect(Self.open.contains { path.1.hasPrefix($0) }, "\(line)")
        }
    }

    /// `812 openat(AT_FDCWD, …`; a call that another process interrupts is there with its beginning too.
    private static func call(_ line: Substring) -> String? {
        line.firstMatch(of: /^\d+ +(\w+)\(/).map { String($0.1) }
    }

    /// What the lines of the unit come to: sets that are let in, and sets that are not.
    private func allowed(in host: PersistentHost) async throws -> Set<String> {
        var allowed = try await members(of: "@default")
        for line in try host.text("/etc/systemd/system/wallwright.service").split(separator: "\n") {
            guard let value = line.wholeMatch(of: /SystemCallFilter=(~?)(.*)/) else { continue }
            for group in value.2.split(separator: " ") {
                let members = try await members(of: String(group))
                if value.1.isEmpty { allowed.formUnion(members) } else { allowed.subtract(members) }
            }
        }
        return allowed
    }

    private func members(of group: String) async throws -> Set<String> {
        let text = try await Tool(named: "systemd-analyze").run(
            ["syscall-filter", group, "--no-pager"],
            text: ""
        )
        var members: Set<String> = []
        for line in text.split(separator: "\n").dropFirst() {
            let name = String(line.drop { $0 == " " })
            if name.hasPrefix("@") {
                members.formUnion(try await self.members(of: name))
            } else if !name.hasPrefix("#") {
                members.insert(name)
            }
        }
        return members
    }
}
