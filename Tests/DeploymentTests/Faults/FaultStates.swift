import Compiler
import Foundation
import Kernel
import Testing

@testable import Deployment

/// States as applies left them on a disk, to begin with, and what the kernel lists of their firewalls.
actor FaultStates {
    enum Given: String {
        /// The old firewall is confirmed.
        case one
        /// The new one after it.
        case two
        /// The old one is confirmed, and the new one waits.
        case waiting
    }

    /// What the kernel lists of the old and the new firewall.
    struct Digests: Sendable {
        var old: String
        var new: String
        /// What stands in either.
        var parts: Set<FirewallListing.Part>
    }

    private struct Made {
        var folder: TemporaryFolder
        var digests: Digests
    }

    private var made: [BackendKind: Task<Made, any Error>] = [:]

    func copy(_ given: Given, _ backend: BackendKind, to path: String) async throws {
        let made = try await made(backend)
        if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
        try await copyTree("\(made.folder.path)/\(given)", to: path)
    }

    func digests(_ backend: BackendKind) async throws -> Digests { try await made(backend).digests }

    private func made(_ backend: BackendKind) async throws -> Made {
        let task = made[backend] ?? Task { try await Self.make(backend) }
        made[backend] = task
        return try await task.value
    }

    private static func make(_ backend: BackendKind) async throws -> Made {
        let folder = TemporaryFolder(path: try TestHost.makeFolder())
        let host = try await TestHost.make()
        func keep(_ given: Given) async throws {
            let copy = "\(folder.path)/\(given)"
            try await copyTree(host.state, to: copy)
            // As after a restart of the machine: the number of a namespace alone may come again.
            for number in try FileManager.default.contentsOfDirectory(atPath: "\(copy)/generations") {
                let record = "\(copy)/generations/\(number)/generation.json"
                let text = try String(contentsOfFile: record, encoding: .utf8)
                try text.replacing(try HostIdentity.current().boot, with: "another boot")
                    .write(toFile: record, atomically: false, encoding: .utf8)
            }
        }
        try await host.settle(FaultStep.old, on: backend)
        let old = try await host.firewall.listing()
        try await keep(.one)
        let ticket = try await host.apply(FaultStep.new, on: backend).ticket
        let new = try await host.firewall.listing()
        try await keep(.waiting)
        try #require(try await host.confirm(ticket).status == 0)
        try await keep(.two)
        let digests = Digests(old: old.digest, new: new.digest, parts: Set(old.parts + new.parts))
        return Made(folder: folder, digests: digests)
    }
}

/// Copies a folder with all that is in it, while others may write there.
func copyTree(_ folder: String, to other: String) async throws {
    try await Tool(named: "cp").run(["-a", folder, other])
}

/// Goes with its value.
final class TemporaryFolder: Sendable {
    let path: String

    init(path: String) { self.path = path }

    deinit { do { try FileManager.default.removeItem(atPath: path) } catch {} }
}
