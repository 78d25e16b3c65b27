import Glibc
import Kernel
import SystemPackage

/// What makes the next boot load the generation that was confirmed last. The caller holds the lock of the folder.
package struct Persistence: Sendable {
    let folder: StateFolder
    let root: RootFolder

    /// In the order of preference.
    static let ways: [any PersistenceWay] = [
        SystemdWay(), OpenRCWay(), RunitWay(), NetfilterPersistentWay(), IptablesServicesWay(), NftablesWay(),
    ]

    /// What can stand after `--using`.
    package static var names: [String] { ways.map(\.name) }

    /// The state folder of a root; `/` for this host.
    package init(of folder: StateFolder, root: String) throws {
        self.folder = folder
        self.root = RootFolder(root)
        guard self.root.name(of: folder.path) != nil else {
            throw ChangeError.refused("the state folder \(folder.path) is not in \(root)")
        }
    }

    static func way(_ name: String) throws -> any PersistenceWay {
        guard let way = ways.first(where: { $0.name == name }) else {
            throw ChangeError.refused(
                "\(name) is not a way to load at boot; the ways are \(names.joined(separator: ", "))"
            )
        }
        return way
    }

    /// The way that the person names, or the first that the root has.
    func choose(_ name: String?) throws -> any PersistenceWay {
        let possible = Self.ways.filter { $0.lack(in: root) == nil }
        let there = possible.map { "\($0.name) (\($0.title))" }.joined(separator: ", ")
        guard let name else {
            guard let way = possible.first else {
                throw ChangeError.refused(
                    (["nothing in \(root.place("/")) could load a firewall at boot"]
                        + Self.ways.compactMap { way in
                            way.lack(in: root).map { "  \(way.name): \($0)" }
                        }).joined(separator: "\n")
                )
            }
            return way
        }
        let way = try Self.way(name)
        if let lack = way.lack(in: root) {
            throw ChangeError.refused(
                "\(name) cannot be used: \(lack)\n"
                    + (there.isEmpty ? "no other way is there either" : "these are there: \(there)")
            )
        }
        return way
    }

    func setting(program: String) throws -> PersistenceSetting {
        PersistenceSetting(
            root: root,
            program: program,
            state: root.name(of: folder.path) ?? folder.path,
            confirmed: try ConfirmedFirewall(in: folder)
        )
    }

    /// The program that the next boot is to call; by default this one.
    func program(_ wanted: String?) throws -> String {
        let program = wanted ?? GuardLauncher(folder: folder).program.path.string
        let state = root.name(of: folder.path) ?? folder.path
        for path in [program, state] where !path.hasPrefix("/") || !path.utf8.allSatisfy(Self.isPlain) {
            throw ChangeError.refused(
                "\(path) cannot be written into a script: it must be an absolute path of letters, digits and  / . _ + -"
            )
        }
        if let closed = Self.closed.first(where: program.hasPrefix) {
            throw ChangeError.refused(
                "\(program) is in \(closed), which a boot cannot rely on\n"
                    + "do: install the program as /usr/local/bin/wallwright, or name it by --program"
            )
        }
        guard root.isProgram(program) else {
            throw ChangeError.refused(
                "there is no program \(program) in \(root.place("/"))\ndo: install it there, or name it by --program"
            )
        }
        return program
    }

    /// Folders that a hardened service does not see, or that are emptied.
    private static let closed = ["/home/", "/root/", "/tmp/", "/var/tmp/", "/run/", "/proc/"]

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "+"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
