package import Kernel
import PacketModel

/// Writes the live rules of everybody where the next boot of a distribution finds them.
package struct RuleSaving: Sendable {
    package struct Report: Sendable {
        package let way: SaveWay
        /// The files, on this machine; none where there is nothing to save.
        package let places: [String]
        package let leftOut: LeftOut
    }

    /// The first line of each file.
    static let header = "# Made by wallwright save\n"

    let root: RootFolder
    let namespace: NetworkNamespace?

    /// `/` for this host; its own network namespace where none is given.
    package init(root: String, namespace: NetworkNamespace? = nil) {
        self.root = RootFolder(root)
        self.namespace = namespace
    }

    /// With `everyone` also what others write anew by themselves. `record` tells which files are of `enable`. A login is
    /// tried by these facts, unless the person is sure.
    package func save(
        using wanted: SaveWay?,
        everyone: Bool,
        besides record: PersistenceRecord?,
        for facts: HostFacts,
        force: Bool = false
    ) async throws -> Report {
        let way = try SaveWay.choose(wanted, in: root)
        let live = try await LiveRules.read(in: namespace)
        var (saved, leftOut) = try await bootable(live, by: way, RuleOwner.leftOut(everyone: everyone))
        if way.ipv4 != nil { live.notes.forEach { leftOut.add($0) } }
        for owner in leftOut.owners where !isStarted(owner) {
            leftOut.add(
                "\(owner.name) is not started at boot here: what of its rules is to stay, --everyone saves"
            )
        }
        var files: [(SaveWay.Target, String)] = []
        for (target, text) in [
            (way.ipv4, saved.iptables[.ipv4]), (way.ipv6, saved.iptables[.ipv6]), (way.sets, saved.sets),
            (way.tables, saved.tables),
        ] {
            guard let target, try isWorthWriting(text, target) else { continue }
            if record?.part(at: target.path) != nil {
                throw ChangeError.refused(
                    "\(root.place(target.path)) is what wallwright enable wrote, and holds the confirmed firewall\n"
                        + "do: wallwright disable, and enable by another way"
                )
            }
            files.append((target, text ?? ""))
        }
        try await withIncluder(&saved, by: way, &leftOut)
        if !force { try await tryLogins(saved, facts, &leftOut) }
        for (target, text) in files { try write(text, to: target) }
        var places = files.map { root.place($0.0.path) }
        if let target = way.tables, !places.isEmpty { places += try include(target.path) }
        return Report(way: way, places: places, leftOut: leftOut)
    }

    /// What is people's of the live rules, as far as this way can load it and a boot does.
    private func bootable(
        _ live: LiveRules,
        by way: SaveWay,
        _ owners: [RuleOwner]
    ) async throws -> (SavedFirewall, LeftOut) {
        var (saved, leftOut, copy) = (SavedFirewall(), LeftOut(), try await BootCopy())
        let sets = IpsetSave(live.sets, without: owners)
        leftOut.merge(sets.leftOut)
        if !sets.isEmpty {
            // Where rules name them they are needed in the copy, also if they cannot be saved.
            let text = try await copy.loadable(sets: sets.text)
            if way.sets != nil {
                saved.sets = text
            } else {
                leftOut.add("the sets of ipset: \(way.rawValue) cannot load them")
            }
        }
        for (family, target) in [(IPFamily.ipv4, way.ipv4), (.ipv6, way.ipv6)] {
            guard let text = live.iptables[family] else { continue }
            let rules = IptablesSave(text, without: owners)
            leftOut.merge(rules.leftOut)
            guard !rules.isEmpty else { continue }
            if target != nil {
                saved.iptables[family] = try await copy.loadable(iptables: rules.text, family)
            } else {
                leftOut.add("the rules of iptables for \(family.rawValue): \(way.rawValue) cannot load them")
            }
        }
        let tables = NftablesSave(live.tables, without: owners)
        leftOut.merge(tables.leftOut)
        if way.tables != nil {
            var texts: [String] = []
            for table in tables.tables {
                if let left = try await copy.loadable(table) { texts.append(left.replacing) }
            }
            if !texts.isEmpty { saved.tables = texts.joined() }
        } else if !tables.isEmpty {
            leftOut.add("tables of nftables: wallwright save --using nftables writes them")
        }
        for loss in copy.lost { leftOut.add("\(loss): it cannot be loaded at boot") }
        return (saved, leftOut)
    }

    /// The boot loads the tables by way of a file of the person's: what stands there is tried with them. One that does not
    /// load without them either is no fault of theirs, and is told.
    private func withIncluder(
        _ saved: inout SavedFirewall,
        by way: SaveWay,
        _ leftOut: inout LeftOut
    ) async throws {
        guard let tables = saved.tables, root.isHost, let service = SystemdService("nftables", in: root)
        else { return }
        let name = NftablesWay.file(of: service)
        guard let bytes = try root.read(name) else { return }
        let ours = "include \"\(way.tables?.path ?? "")\""
        let text = String(decoding: bytes, as: UTF8.self).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        .filter { $0 != ours }.joined(separator: "\n")
        if let message = try await BootCopy().refusal(ofNft: text) {
            leftOut.add("\(name) itself would not load at boot, and what is saved with it: \(message)")
            return
        }
        if let message = try await BootCopy().refusal(ofNft: "\(text)\n\(tables)") {
            throw ChangeError.refused(
                "with what would be saved, \(name) would not load at boot, and nothing was written: \(message)"
            )
        }
        saved.tables = "\(text)\n\(tables)"
    }

    private func tryLogins(_ saved: SavedFirewall, _ facts: HostFacts, _ leftOut: inout LeftOut) async throws
    {
        guard !saved.isEmpty else { return }
        let shut: [Conversation]
        do {
            shut = try await saved.shutOut(on: namespace, for: facts)
        } catch {
            leftOut.add("a login could not be tried in a copy of what is saved: \(error)")
            return
        }
        guard let first = shut.first else { return }
        throw ChangeError.refused(
            "tried in a copy, what would be saved lets no login from \(first.client) to \(first.server) in after a boot; "
                + "nothing was written\n"
                + "do: add a rule of your own that lets SSH in, for those that do are left out; or add --force if you have a console"
        )
    }

    /// Whether a boot of this root starts one of its services; where that cannot be known, it is taken to.
    private func isStarted(_ owner: RuleOwner) -> Bool {
        guard !owner.services.isEmpty, SystemdService.isSystemd(root) else { return true }
        return owner.services.contains { SystemdService.isWanted($0, in: root) }
    }

    /// Nobody needs an empty file, but an old one must not bring back what is gone.
    private func isWorthWriting(_ text: String?, _ target: SaveWay.Target) throws -> Bool {
        try text != nil || root.read(target.path) != nil
    }

    /// What was there is kept as `….save`, as RHEL's own service does.
    private func write(_ text: String, to target: SaveWay.Target) throws {
        let bytes = Array((Self.header + text).utf8)
        for folder in root.missingFolders(above: target.path) { try root.makeFolder(folder) }
        if let old = try root.read(target.path), old != bytes {
            try root.write(old, to: target.path + ".save", mode: target.mode)
        }
        try root.write(bytes, to: target.path, mode: target.mode)
    }

    /// Adds the line that includes the file to the one that the service loads, unless it is there.
    private func include(_ path: String) throws -> [String] {
        guard let service = SystemdService("nftables", in: root) else { return [] }
        let name = NftablesWay.file(of: service)
        let line = "include \"\(path)\""
        let old = try root.read(name) ?? []
        let lines = old.split(separator: UInt8(ascii: "\n"))
        if lines.contains(where: { $0.elementsEqual(line.utf8) }) { return [] }
        let joint = old.last.map { $0 == UInt8(ascii: "\n") ? "" : "\n" } ?? ""
        try root.rewrite(name, old + Array("\(joint)\(line)\n".utf8))
        return [root.place(name)]
    }
}
