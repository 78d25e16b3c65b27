import Compiler
import Diagnostics
import Foundation
import Kernel
import Policy
import Testing

@testable import Deployment

/// A root folder with a state in it, and the software of some distribution; it goes with the value.
final class PersistentHost: Sendable {
    /// Holds the root, and what boots need beside it.
    let folder = "/var/tmp/wallwright-persistence-\(UUID().uuidString)"
    var root: String { "\(folder)/root" }
    var state: String { "\(root)/var/lib/wallwright" }
    static let program = "/usr/local/bin/wallwright"

    init(_ software: [Software]) throws {
        for path in [
            "etc", "dev", "opt", "proc", "run", "sys", "tmp", "usr/bin", "usr/sbin", "usr/lib", "usr/lib64",
        ] {
            try FileManager.default.createDirectory(
                atPath: "\(root)/\(path)",
                withIntermediateDirectories: true
            )
        }
        for name in ["bin", "sbin", "lib", "lib64"] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(root)/\(name)",
                withDestinationPath: "usr/\(name)"
            )
        }
        try write(Self.program, "", mode: 0o755)
        for part in software { try part.install(in: self) }
        _ = try StateFolder.make(at: state)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: folder) } catch {}
    }

    func write(_ name: String, _ text: String, mode: Int = 0o644) throws {
        let path = root + name
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent,
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    func text(_ name: String) throws -> String {
        try String(contentsOfFile: root + name, encoding: .utf8)
    }

    func persistence() throws -> Persistence {
        try Persistence(of: try StateFolder.make(at: state), root: root)
    }

    @discardableResult
    func enable(_ way: String? = nil) async throws -> Persistence.Report {
        try await persistence().enable(using: way, program: Self.program)
    }

    /// Confirms a policy of these lines, as if it had been applied before the boot; returns its number, and what a kernel
    /// lists that holds it.
    @discardableResult
    func confirm(_ lines: String, _ backend: BackendKind, usesIpset: Bool = true) async throws -> (
        Int, String
    ) {
        let text = "wallwright: 1\nmanagement: none\n\(lines)"
        let read = PolicyReader.read(
            source: SourceFile(name: "policy.yaml", bytes: Array(text.utf8)),
            environment: PolicyEnvironment(folder: "/")
        )
        let policy = try #require(read.policy, "\(read.diagnostics.map(\.message))")
        let firewall = try Firewall(policy, backend, usesIpset: usesIpset)
        return (
            try confirm(.apply, firewall, policy, backend),
            try await HostFirewall.expectedListing(of: firewall).digest
        )
    }

    @discardableResult
    func confirm(
        _ kind: Generation.Kind,
        _ firewall: Firewall,
        _ policy: Policy?,
        _ backend: BackendKind?
    ) throws -> Int {
        let state = try StateFolder.make(at: state)
        let number = (try state.generationNumbers().last ?? 0) + 1
        let generation = Generation(
            number: number,
            kind: kind,
            created: .now,
            author: Author(user: "root", address: nil),
            host: HostIdentity(boot: "another", namespace: 1),
            digestBefore: "",
            policyPath: policy.map { _ in "/etc/wallwright/policy.yaml" },
            setFiles: [],
            backend: backend,
            code: "abcd",
            managementPorts: [22],
            managementAddresses: []
        )
        try state.prepare(generation, after: .ours(firewall), before: .ours(.none), policy: policy)
        #expect(try state.decide(number, from: .pending, .confirmed))
        return number
    }
}
