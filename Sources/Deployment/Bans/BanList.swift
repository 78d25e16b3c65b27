package import Compiler
package import Diagnostics
package import FoundationEssentials
import Kernel
package import PacketModel

/// The bans on disk, `bans.json`: a line for each. They belong to no generation, so a rollback keeps them.
package struct BanList: Codable, Hashable, Sendable {
    /// One ban.
    package struct Entry: Codable, Hashable, Sendable {
        /// An address or a prefix, as `description` writes it.
        package var addresses: String
        package var since: Date
        /// Nil for good.
        package var until: Date?
        package var author: Author

        package func isOver(at time: Date) -> Bool { until.map { $0 <= time } ?? false }
    }

    package var entries: [Entry] = []
    /// By which way they are in the kernel, whatever the firewall takes.
    package var backend: BackendKind

    private static let file = "bans.json"

    /// Nothing is banned yet: nftables where its tool and the kernel have it.
    private init() {
        backend = BackendKind.inOrder.first(where: \.isUsable) ?? .nftables
    }

    /// Empty where there are none.
    package static func read(from folder: StateFolder) throws -> BanList {
        do {
            return try folder.decodeIfThere(BanList.self, file) ?? BanList()
        } catch let error as ChangeError where error.kind == .failed {
            throw ChangeError.failed(
                "\(error)\ndo: move it away, and ban anew whom it named; until then the kernel holds the bans as they are"
            )
        }
    }

    /// See ``StateFolder/stamp(of:)``.
    static func stamp(in folder: StateFolder) -> [Int]? { folder.stamp(of: file) }

    /// Writes those that still hold.
    package mutating func write(to folder: StateFolder) throws {
        entries.removeAll { $0.isOver(at: .now) }
        try folder.write(try folder.encode(self), to: Self.file)
    }

    /// Makes the kernel hold what the list says.
    package func load(holding lock: ChangeLock?) async throws {
        try await HostBans(holding: lock?.descriptor).replace(with: bans(), on: backend)
    }

    /// Ends every ban, on disk and in the kernel.
    package static func liftAll(in folder: StateFolder, holding lock: ChangeLock) async throws {
        guard var list = try folder.decodeIfThere(BanList.self, file) else { return }
        list.entries = []
        try await list.load(holding: lock)
        try folder.removeFile(file)
    }

    /// Takes the place of an entry of the same addresses.
    @discardableResult
    package mutating func add(_ prefix: Prefix, until end: Date?, by author: Author) -> Entry {
        remove(prefix)
        let entry = Entry(addresses: "\(prefix)", since: .now, until: end, author: author)
        entries.append(entry)
        return entry
    }

    /// False when there was none.
    @discardableResult
    package mutating func remove(_ prefix: Prefix) -> Bool {
        let count = entries.count
        entries.removeAll { $0.addresses == "\(prefix)" }
        return entries.count < count
    }

    /// What holds at this time, for the kernel. A line that names no addresses is no ban.
    package func bans(at time: Date = .now) -> [Ban] {
        entries.filter { !$0.isOver(at: time) }.compactMap { entry in
            Prefix(text: entry.addresses).map { prefix in
                let left = entry.until.map { Int($0.timeIntervalSince(time).rounded(.up)) }
                return Ban(prefix, secondsLeft: left)
            }
        }
    }
}

extension BanList.Entry {
    /// For programs; the keys are stable. Times are ISO 8601, in UTC.
    package var json: JSONValue {
        [
            "addresses": .string(addresses), "since": .string(since.ISO8601Format()),
            "until": until.map { .string($0.ISO8601Format()) } ?? .null,
            "author": .string(author.description),
        ]
    }
}
