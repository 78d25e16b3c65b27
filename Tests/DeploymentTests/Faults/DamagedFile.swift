import Compiler
import Foundation
import Kernel
import Testing

@testable import Deployment

/// A file of the state does not hold what was written, while a firewall of it is live.
struct DamagedFile: FaultCase, Hashable {
    enum Situation: String, CaseIterable, Sendable {
        /// The new firewall is confirmed after the old one, and live; it is enabled, and there are bans.
        case atRest = "at rest"
        /// The new one waits; somebody confirms it.
        case confirmed = "before a confirm"
        /// The new one waits, and nobody confirms it.
        case waiting = "before the deadline"
    }

    enum Damage: String, CaseIterable, Sendable {
        case empty, half
        case firstBit = "a bit at the start"
        case middleBit = "a bit in the middle"
        case lastBit = "a bit at the end"
    }

    var situation: Situation
    /// In the state folder.
    var file: String
    var damage: Damage

    var group: String { "a damaged state" }
    var description: String { "\(group) \(situation.rawValue): \(file): \(damage.rawValue)" }

    /// All of a situation.
    static func all(_ situation: Situation, _ states: FaultStates) async throws -> [DamagedFile] {
        guard let (host, _) = try await situation.host(states) else { return [] }
        let folder = host.host.state
        let names = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
        let files = try names.sorted().filter { name in
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            return attributes[.type] as? FileAttributeType == .typeRegular && attributes[.size] as? Int != 0
        }
        let damages = situation == .atRest ? Damage.allCases : [.empty, .middleBit]
        return files.flatMap { file in
            damages.map { DamagedFile(situation: situation, file: file, damage: $0) }
        }
    }

    func verdict(_ states: FaultStates) async throws -> FaultVerdict? {
        guard let (host, ticket) = try await situation.host(states) else { return nil }
        try spoil("\(host.host.state)/\(file)")
        let confirmed: CommandResult? =
            situation == .confirmed ? try await host.run("confirm", ticket, "--same-session") : nil
        let isSettled = situation == .atRest ? true : try await host.host.settles(within: .seconds(25))
        var verdict = try await FaultVerdict(
            of: host,
            try await states.digests(.nftables),
            hasLostConfirmed: situation == .waiting && file.hasPrefix("generations/1/")
        )
        let live = verdict.live
        if let confirmed {
            verdict.expectAnswer(confirmed, "confirm")
            verdict.expect(confirmed.status != 0 || live == .new, "it is confirmed, but \(live) is live")
        }
        if situation == .waiting { verdict.expect(live == .old, "nobody confirmed it, but \(live) is live") }
        verdict.expect(isSettled, "it is never decided")
        try await verdict.tryNextCommandsOverDamage(on: host)
        return verdict
    }

    private func spoil(_ path: String) throws {
        var bytes = Array(try Data(contentsOf: URL(filePath: path)))
        switch damage {
        case .empty: bytes = []
        case .half: bytes.removeLast((bytes.count + 1) / 2)
        case .firstBit: bytes[0] ^= 1
        case .middleBit: bytes[bytes.count / 2] ^= 1
        case .lastBit: bytes[bytes.count - 1] ^= 1
        }
        try Data(bytes).write(to: URL(filePath: path))
    }
}

extension DamagedFile.Situation {
    fileprivate func host(_ states: FaultStates) async throws -> (FaultHost, ticket: String)? {
        guard self == .atRest else { return try await FaultStep(kind: .confirm).host(states, within: "5s") }
        let step = FaultStep(kind: .rollbackTo, way: .systemd)
        guard let (host, ticket) = try await step.host(states) else { return nil }
        try #require(try await host.run("ban", "192.0.2.99").status == 0)
        return (host, ticket)
    }
}
