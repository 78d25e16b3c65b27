import Compiler
import Foundation
import Kernel
import Testing

@testable import Deployment

/// Changes in this process's own namespace that are confirmed when their time is over.
struct DecisionRace {
    static let processes = 4
    static let tries = 1_000 / processes
    /// What tells the inner process where it works, and in which namespace it must be.
    static let folderVariable = "WALLWRIGHT_RACE"
    static let namespaceVariable = "WALLWRIGHT_RACE_NAMESPACE"
    static var folder: String? { ProcessInfo.processInfo.environment[folderVariable] }
    static var namespace: UInt64? {
        ProcessInfo.processInfo.environment[namespaceVariable].flatMap { UInt64($0) }
    }

    private static let window = Duration.milliseconds(30)
    private static let author = Author(user: "test", address: nil)

    private let folder: StateFolder
    private let host: HostIdentity
    private let firewall: Firewall
    private let empty: String
    /// How long before the deadline the confirmation begins. It follows who won, so that both win.
    private var lead = Duration.milliseconds(1)

    init(in path: String) throws {
        folder = try StateFolder.make(at: "\(path)/race")
        host = try HostIdentity.current()
        firewall = Firewall(
            nftables: NftablesProgram(
                text: "table inet wallwright { }\ndelete table inet wallwright\n"
                    + "table inet wallwright { chain input { type filter hook input priority 0; policy drop; }; }\n"
            )
        )
        empty = FirewallListing().digest
    }

    /// One try; true when the confirmation won, false when the guard did.
    mutating func isConfirmed(_ number: Int) async throws -> Bool {
        let generation = Generation(
            number: number,
            kind: .apply,
            created: .now,
            author: Self.author,
            host: host,
            digestBefore: empty,
            policyPath: nil,
            setFiles: [],
            backend: .nftables,
            code: "aaaa",
            managementPorts: [22],
            managementAddresses: []
        )
        try folder.prepare(generation, after: .ours(firewall), before: .ours(.none), policy: nil)
        try folder.begin(number)
        try await HostFirewall().install(firewall)
        let new = try await HostFirewall().listing().digest
        let deadline = BootClock.now + Self.window
        let commitment = Commitment(
            time: .now,
            committed: BootClock.now.inSeconds,
            deadline: deadline.inSeconds,
            digest: new
        )
        try folder.commit(number, commitment)
        // Every other time the guard has no patience with the lock, and only the disk decides.
        let start = deadline - lead
        async let guarded: Void = number % 2 == 0 ? guardIt(number) : takeBack(number, at: deadline)
        async let confirmed = confirm(generation, at: start)
        let isConfirmed = try await confirmed
        try await guarded
        #expect(folder.outcome(number) == (isConfirmed ? .confirmed : .rolledBack), "try \(number)")
        let now = try await HostFirewall().listing().digest
        #expect(now == (isConfirmed ? new : empty), "try \(number): confirmed \(isConfirmed)")
        lead =
            isConfirmed ? max(.zero, lead - .microseconds(250)) : min(Self.window, lead + .microseconds(250))
        try await HostFirewall().install(.none)
        try folder.removeTree(StateFolder.folder(number))
        return isConfirmed
    }

    private func guardIt(_ number: Int) async throws {
        try await GuardWorker(folder: folder, number: number).run()
    }

    private func takeBack(_ number: Int, at time: Duration) async throws {
        let takeBack = try folder.takeBack(number)
        await Self.sleep(until: time)
        try await takeBack.perform("nobody confirmed it in time", by: nil, holding: nil)
    }

    /// Whether it was confirmed; refused is not.
    private func confirm(_ generation: Generation, at time: Duration) async throws -> Bool {
        await Self.sleep(until: time)
        let confirmation = Confirmation(
            ticket: generation.ticket,
            session: nil,
            trustsOldSession: true,
            author: Self.author
        )
        do {
            let lock = try await ChangeLock.acquire(in: folder, for: "a test", waiting: .seconds(10))
            defer { lock.release() }
            _ = try await confirmation.perform(in: folder, host: host, holding: lock)
            return true
        } catch let error as ChangeError where error.kind == .refused {
            return false
        }
    }

    private static func sleep(until time: Duration) async {
        let rest = time - BootClock.now - .milliseconds(2)
        do { if rest > .zero { try await Task.sleep(for: rest) } } catch {}
        // A timer would come a little late, and always first.
        while BootClock.now < time { await Task.yield() }
    }
}
