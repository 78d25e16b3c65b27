package import FoundationEssentials
import PacketModel

/// What `wallwright enable` put where: `enabled.json` in the state folder. It is written before anything it tells of,
/// so that `disable` finds all of it whenever the other was killed.
package struct PersistenceRecord: Codable, Sendable {
    package enum Kind: String, Codable, Sendable {
        case file, link, line
    }

    package struct Part: Codable, Hashable, Sendable {
        package var kind: Kind
        /// In the root.
        package var path: String
        /// The digest of a file, the target of a link, the very text of a line.
        package var content: String
        /// Of a file: the digest of what was written the time before, for one who was killed between record and file.
        package var former: String?
        /// Where the file that was there before is kept.
        package var kept: String?
        /// Of a line: its file was not there before.
        package var madeFile = false
    }

    /// The name of the way.
    package var way: String
    /// The program and the state folder, as the next boot sees them.
    package var program: String
    package var state: String
    package var since: Date
    /// In which boot of this machine that was; nil for an image.
    package var boot: String?
    /// The generation that a copy was made of; nil for a way that has none.
    package var copied: Int?
    package var parts: [Part]
    /// The folders that were not there before, outermost first.
    package var folders: [String]

    static let file = "enabled.json"

    /// Nil when nothing is enabled.
    package static func read(from folder: StateFolder) throws -> PersistenceRecord? {
        try folder.decodeIfThere(PersistenceRecord.self, file)
    }

    func write(to folder: StateFolder) throws {
        try folder.write(folder.encode(self), to: Self.file)
    }

    static func remove(from folder: StateFolder) throws {
        try folder.removeFile(file)
        try folder.sync(folderOf: file)
    }

    /// Where on this machine the root is that it was enabled in: an image may have been booted since.
    func root(of folder: StateFolder) -> String {
        folder.path.hasSuffix(state) ? String(folder.path.dropLast(state.count)) : "/"
    }

    func part(at path: String) -> Part? { parts.first { $0.path == path } }

    /// Tells whether a file still is what was written.
    static func digest(_ bytes: [UInt8]) -> String {
        var hash = ContentHash()
        hash.combine(bytes)
        return String(hash.value, radix: 16)
    }
}
