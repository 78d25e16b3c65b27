import Compiler
package import Diagnostics
package import FoundationEssentials
import Kernel
import SystemPackage

/// What the next boot of a host will load, by which way, and who may spoil it.
package struct PersistenceStatus: Sendable {
    package enum Next: Hashable, Sendable {
        case generation(Int)
        /// The generation that removed the firewall.
        case removed(Int)
        /// SSH gets in, everything else is dropped: nothing was ever confirmed, or nothing of it can be loaded.
        case minimum
        /// Nothing is enabled.
        case nothing
    }

    /// The way and when it was enabled; nil when nothing is.
    package let way: String?
    package let since: Date?
    package let next: Next
    /// What was seen to be loaded when this machine started, a clause; nil where nothing was.
    package let seen: String?
    /// What of the way is not as it was written, and whether it did nothing, in sentences.
    package let problems: [String]
    /// Who else loads rules at boot; each with the command that settles it.
    package let rivals: [Diagnostic]

    /// Whether what is confirmed will be loaded.
    package var isSound: Bool { next != .nothing && problems.isEmpty }

    /// Of this host, or of the root that the state is in.
    package static func read(state path: String) async throws -> PersistenceStatus {
        guard let folder = try StateFolder.existing(at: path) else {
            return PersistenceStatus(
                way: nil,
                since: nil,
                next: .nothing,
                seen: nil,
                problems: [],
                rivals: []
            )
        }
        let record = try PersistenceRecord.read(from: folder)
        let number = try folder.confirmed()
        let (loaded, passedOver) = try BootLoader.forecast(of: folder)
        let root = record?.root(of: folder) ?? "/"
        let here = try HostIdentity.current()
        let seen = root.isEmpty || root == "/" ? BootStamp.read(for: here, state: folder)?.loaded : nil
        return PersistenceStatus(
            way: record?.way,
            since: record?.since,
            next: record.map { next($0, loaded) } ?? .nothing,
            seen: seen,
            problems: try record.map {
                try Persistence(of: folder, root: root).problems(of: $0, confirmed: number)
                    + ($0.copied == nil ? passedOver : [])
                    + idleness(of: $0, in: here, seen: seen)
            } ?? [],
            rivals: try await rivals(record, in: folder, root: root)
        )
    }

    private static func next(_ record: PersistenceRecord, _ loaded: Next) -> Next {
        guard let copied = record.copied else { return loaded }
        // A copy holds what it holds, whatever became of the state.
        if case .removed(copied) = loaded { return loaded }
        return .generation(copied)
    }

    /// That the way was there when this machine started, and nothing called `wallwright boot`. Whether a copy was loaded
    /// leaves no trace.
    private static func idleness(of record: PersistenceRecord, in here: HostIdentity, seen: String?)
        -> [String]
    {
        guard seen == nil, record.copied == nil, let boot = record.boot, boot != here.boot else { return [] }
        return [
            "when this machine started, \(record.way) loaded nothing that was seen",
            "do: sudo wallwright boot loads it now; then look why \(record.way) did not",
        ]
    }

    private static func rivals(
        _ record: PersistenceRecord?,
        in folder: StateFolder,
        root: String
    ) async throws -> [Diagnostic] {
        var variant: IptablesVariant?
        // Of a record that is damaged nothing is known, and that is said elsewhere.
        do { variant = try folder.confirmed().flatMap { try folder.generation($0).backend }?.variant } catch {
        }
        let request = PreflightRequest(
            backend: variant.map { .iptables($0) } ?? .nftables,
            stateFolder: FilePath(folder.path),
            root: FilePath(root.isEmpty ? "/" : root)
        )
        let own = try record.map { try Persistence.way($0.way).ownFindings } ?? []
        return await Preflight.rivals(on: PreflightHost(request)).filter { !own.contains($0.code) }
    }
}

extension Preflight {
    /// Those checks that look for others who keep a firewall.
    private static let rivals: [any PreflightCheck.Type] = [
        UfwCheck.self, FirewalldCheck.self, NftablesServiceCheck.self, CsfCheck.self,
        SavedRulesServiceCheck.self,
    ]

    static func rivals(on host: PreflightHost) async -> [Diagnostic] {
        var found: [Diagnostic] = []
        for check in rivals { found += await check.init(reading: host).diagnostics }
        return found
    }
}
