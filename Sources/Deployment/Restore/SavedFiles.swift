import Glibc
import SystemPackage

/// The files that rules of others are restored from. Each is read once; what was read is what is checked and loaded.
package struct SavedFiles: Sendable {
    package struct File: Sendable {
        /// Where it is on this machine.
        package var place: String
        package var text: String
    }

    package var ipv4: File?
    package var ipv6: File?
    package var sets: File?
    package var tables: File?

    /// In the order in which they are loaded.
    var all: [File] { [sets, tables, ipv4, ipv6].compactMap(\.self) }

    /// Those that `save` writes in one way; the first way that the root has where none is named.
    package init(using wanted: SaveWay?, root path: String) throws {
        let root = RootFolder(path)
        let way = try SaveWay.choose(wanted, in: root)
        ipv4 = try Self.read(way.ipv4?.path, in: root)
        ipv6 = try Self.read(way.ipv6?.path, in: root)
        sets = try Self.read(way.sets?.path, in: root)
        tables = try Self.read(way.tables?.path, in: root)
        guard all.isEmpty else { return }
        let places = [way.ipv4, way.ipv6, way.sets, way.tables].compactMap { $0.map { root.place($0.path) } }
        throw ChangeError.refused(
            "nothing to restore: \(places.joined(separator: ", ")) \(places.count == 1 ? "is" : "are") not there\n"
                + "do: wallwright save --using \(way.rawValue), while the rules are as they should be"
        )
    }

    /// Files by their paths on this machine.
    package init(ipv4: String?, ipv6: String?, sets: String?, tables: String?) throws {
        let root = RootFolder("/")
        self.ipv4 = try Self.given(ipv4, in: root)
        self.ipv6 = try Self.given(ipv6, in: root)
        self.sets = try Self.given(sets, in: root)
        self.tables = try Self.given(tables, in: root)
    }

    private static func given(_ path: String?, in root: RootFolder) throws -> File? {
        guard let path else { return nil }
        guard let file = try read(path, in: root) else {
            throw ChangeError.refused("nothing to restore: \(path) is not there")
        }
        return file
    }

    private static func read(_ path: String?, in root: RootFolder) throws -> File? {
        guard let path, let bytes = try root.read(path) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self), !text.contains("\0") else {
            throw ChangeError.refused("\(root.place(path)) is damaged: it is not text")
        }
        return File(place: root.place(path), text: text)
    }
}
