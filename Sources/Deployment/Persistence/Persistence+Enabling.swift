import FoundationEssentials
import Kernel
import SystemPackage

extension Persistence {
    /// What came of enabling or disabling.
    package struct Report: Sendable {
        package let way: String
        /// What was written, or taken away, as paths on this machine.
        package let places: [String]
        /// What a person should know, in sentences.
        package let notes: [String]
    }

    /// Makes the next boot load what is confirmed. Twice is the same as once.
    package func enable(using name: String?, program wanted: String?) async throws -> Report {
        let known = try PersistenceRecord.read(from: folder)
        if let known, let name, name != known.way {
            throw ChangeError.refused(
                "it is enabled by \(known.way)\ndo: wallwright disable, then enable again"
            )
        }
        let way = try choose(known?.way ?? name)
        let setting = try setting(program: try program(wanted ?? known?.program))
        if setting.confirmed == nil && (root.isHost || way.isCopy) {
            throw ChangeError.refused(
                "nothing is confirmed that a boot could load\ndo: wallwright apply, confirm, then enable"
            )
        }
        let record = try await install(way, setting, over: known)
        var notes = way.notes(for: setting)
        notes += record.parts.compactMap { part in
            part.kept.map { "\(root.place(part.path)) was there: it is kept as \(root.place($0))" }
        }
        notes += root.files.problems.map { "taken for absent, for it could not be read: \($0)" }
        if setting.confirmed == nil {
            notes.append("nothing is confirmed here: until then a boot lets SSH in and drops the rest")
        }
        return Report(way: way.name, places: record.parts.map { root.place($0.path) }, notes: notes)
    }

    /// Puts all parts of the way into the root, and takes those away that it does not have any more.
    func install(
        _ way: any PersistenceWay,
        _ setting: PersistenceSetting,
        over known: PersistenceRecord?
    ) async throws -> PersistenceRecord {
        let parts = try way.parts(for: setting)
        let planned = try parts.compactMap { part in try plan(part, over: known) }
        let gone = known?.parts.filter { part in !planned.contains { $0.path == part.path } } ?? []
        var record = PersistenceRecord(
            way: way.name,
            program: setting.program,
            state: setting.state,
            since: known?.since ?? .now,
            boot: try known.map(\.boot) ?? (root.isHost ? HostIdentity.current().boot : nil),
            copied: way.isCopy ? setting.confirmed?.number : nil,
            parts: planned + gone,
            folders: known?.folders ?? []
        )
        for folder in parts.flatMap({ root.missingFolders(above: $0.path) })
        where !record.folders.contains(folder) {
            record.folders.append(folder)
        }
        try record.write(to: folder)
        for folder in record.folders { try root.makeFolder(folder) }
        for part in parts {
            guard let planned = planned.first(where: { $0.path == part.path }) else { continue }
            try put(part, planned)
        }
        for part in gone { try takeAway(part) }
        record.parts = planned
        try record.write(to: folder)
        try await tellSystemd(of: record)
        return record
    }

    /// Takes all of it away again; nil when nothing was enabled, or when only what calls this program is to go and the boot
    /// calls another. Throws when another way is than the one that is named.
    package func disable(named name: String? = nil, onlyOwn: Bool = false) async throws -> Report? {
        guard let record = try PersistenceRecord.read(from: folder) else { return nil }
        if onlyOwn && record.program != GuardLauncher(folder: folder).program.path.string { return nil }
        if let name, name != record.way {
            throw ChangeError.refused("it is enabled by \(record.way), not by \(name)")
        }
        var notes: [String] = []
        for part in record.parts.reversed() {
            if let note = try takeAway(part) { notes.append(note) }
        }
        for folder in record.folders.reversed() { try root.removeFolder(folder) }
        try await tellSystemd(of: record)
        try PersistenceRecord.remove(from: folder)
        return Report(way: record.way, places: record.parts.map { root.place($0.path) }, notes: notes)
    }

    /// Links and units count when systemd has read them (systemctl(1), "daemon-reload").
    private func tellSystemd(of record: PersistenceRecord) async throws {
        guard root.isHost, record.parts.contains(where: { $0.path.hasPrefix("/etc/systemd/") }),
            try !HostFiles().names(in: "/run/systemd/system").isEmpty
        else { return }
        try await Tool(named: "systemctl").run(["daemon-reload"])
    }
}
