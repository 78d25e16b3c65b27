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

    let root: RootFolder
    let namespace: NetworkNamespace?

    /// `/` for this host; its own network namespace where none is given.
    package init(root: String, namespace: NetworkNamespace? = nil) {
        self.root = RootFolder(root)
        self.namespace = namespace
    }

    /// With `everyone` also what others write anew by themselves. `record` tells which files are of `enable`.
    package func save(
        using wanted: SaveWay?,
        everyone: Bool,
        besides record: PersistenceRecord?
    ) async throws -> Report {
        let way = try SaveWay.choose(wanted, in: root)
        let owners = RuleOwner.leftOut(everyone: everyone)
        let live = try await LiveRules.read(in: namespace)
        var leftOut = LeftOut()
        var files: [(SaveWay.Target, String)] = []
        for (family, target) in [(IPFamily.ipv4, way.ipv4), (.ipv6, way.ipv6)] {
            guard let text = live.iptables[family] else { continue }
            let saved = IptablesSave(text, without: owners)
            leftOut.merge(saved.leftOut)
            if let target {
                if try isWorthWriting(isEmpty: saved.isEmpty, target) { files.append((target, saved.text)) }
            } else if !saved.isEmpty {
                leftOut.add("the rules of iptables for \(family.rawValue): \(way.rawValue) cannot load them")
            }
        }
        let sets = IpsetSave(live.sets, without: owners)
        leftOut.merge(sets.leftOut)
        if let target = way.sets {
            if try isWorthWriting(isEmpty: sets.isEmpty, target) { files.append((target, sets.text)) }
        } else if !sets.isEmpty {
            leftOut.add("the sets of ipset: \(way.rawValue) cannot load them")
        }
        let tables = NftablesSave(live.tables, without: owners)
        leftOut.merge(tables.leftOut)
        if let target = way.tables {
            if try isWorthWriting(isEmpty: tables.isEmpty, target) { files.append((target, tables.text)) }
        } else if !tables.isEmpty {
            leftOut.add("tables of nftables: wallwright save --using nftables writes them")
        }
        if way.ipv4 != nil { live.notes.forEach { leftOut.add($0) } }
        for (target, _) in files where record?.part(at: target.path) != nil {
            throw ChangeError.refused(
                "\(root.place(target.path)) is what wallwright enable wrote, and holds the confirmed firewall\n"
                    + "do: wallwright disable, and enable by another way"
            )
        }
        for (target, text) in files { try write(text, to: target) }
        var places = files.map { root.place($0.0.path) }
        if let target = way.tables, !places.isEmpty { places += try include(target.path) }
        return Report(way: way, places: places, leftOut: leftOut)
    }

    /// Nobody needs an empty file, but an old one must not bring back what is gone.
    private func isWorthWriting(isEmpty: Bool, _ target: SaveWay.Target) throws -> Bool {
        try !isEmpty || root.read(target.path) != nil
    }

    /// What was there is kept as `….save`, as RHEL's own service does.
    private func write(_ text: String, to target: SaveWay.Target) throws {
        let bytes = Array(("# Made by wallwright save\n" + text).utf8)
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
