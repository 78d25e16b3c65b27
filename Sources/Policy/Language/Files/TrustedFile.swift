import Glibc

/// A file that decides about the firewall, in a ``TrustedFolder``.
///
/// It must be a regular file, no link; in a sticky folder it must have no second name, which others could have made to
/// bring in old contents.
package struct TrustedFile: ~Copyable {
    private let descriptor: Descriptor

    /// In bytes, when it was opened.
    package let size: Int

    package init(_ path: String, owners: TrustedOwners, largest: Int) throws(FileProblem) {
        var names = try TrustedFolder.names(of: path)
        guard let last = names.popLast(), last != "..", last != ".", !path.hasSuffix("/") else {
            throw .kind(path)
        }
        let folder = try TrustedFolder(names, owners: owners)
        let file = try folder.descriptor.open(last, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, path)
        let status = try file.status(path)
        guard status.st_mode & S_IFMT == S_IFREG else { throw .kind(path) }
        try TrustedFolder.checkWriters(status, path, owners, isSticky: false)
        if folder.isSticky && status.st_nlink > 1 { throw .secondName("\(folder.place)/\(last)") }
        guard status.st_size <= largest else { throw .size(path, largest) }
        size = Int(status.st_size)
        descriptor = file
    }

    /// Everything that the file holds; refused when it grew beyond `largest` meanwhile.
    package consuming func read(_ path: String, largest: Int) throws(FileProblem) -> [UInt8] {
        try descriptor.read(path, expected: size, largest: largest)
    }
}
