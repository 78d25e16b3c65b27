import Diagnostics
import Glibc

/// Opens files that decide about the firewall.
///
/// The path is walked from the root, one name at a time, each opened before it is judged, so that nothing can be
/// exchanged between the look and the use. Every folder and every link on the way must belong to a trusted owner and
/// be closed to the writing of others. A folder with the sticky bit (`/tmp`) may be open to others: there nobody can
/// replace what a trusted owner made, and the next name must be such a thing. The last name must be a regular file,
/// no link; in a sticky folder it must have no second name, which others could have made to bring in old contents.
package struct TrustedFile: ~Copyable {
    private let descriptor: Descriptor

    /// In bytes, when it was opened.
    package let size: Int

    /// As many links as the kernel follows in one path (MAXSYMLINKS, linux/namei.h).
    private static let mostLinks = 40

    package init(_ path: String, owners: TrustedOwners, largest: Int) throws(FileProblem) {
        var names = path.split(separator: "/").map(String.init)
        if !path.hasPrefix("/") {
            names = try Self.currentFolder().split(separator: "/").map(String.init) + names
        }
        guard let last = names.popLast(), last != "..", last != ".", !path.hasSuffix("/") else {
            throw .kind(path)
        }
        var folder = try Descriptor.openRoot()
        var isSticky = try Self.checkFolder(folder, "/", owners)
        var walked = ""
        var links = 0
        names.reverse()
        while let name = names.popLast() {
            if name == "." { continue }
            let place = walked + "/" + name
            let next = try folder.open(name, Descriptor.pathOnly | O_NOFOLLOW, place)
            let status = try next.status(place)
            if status.st_mode & S_IFMT == S_IFLNK {
                links += 1
                guard links <= Self.mostLinks else { throw .system(place, ELOOP) }
                guard owners.users.contains(status.st_uid) else { throw .owner(place, status.st_uid) }
                let target = try next.linkTarget(place)
                names += target.split(separator: "/").map(String.init).reversed()
                if target.hasPrefix("/") {
                    folder = try Descriptor.openRoot()
                    walked = ""
                }
                continue
            }
            guard status.st_mode & S_IFMT == S_IFDIR else { throw .system(place, ENOTDIR) }
            isSticky = try Self.checkFolder(next, place, owners)
            folder = next
            walked = place
        }
        let place = walked + "/" + last
        let file = try folder.open(last, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, path)
        let status = try file.status(path)
        guard status.st_mode & S_IFMT == S_IFREG else { throw .kind(path) }
        try Self.checkWriters(status, path, owners, isSticky: false)
        if isSticky && status.st_nlink > 1 { throw .secondName(place) }
        guard status.st_size <= largest else { throw .size(path, largest) }
        size = Int(status.st_size)
        descriptor = file
    }

    /// Everything that the file holds; refused when it grew beyond `largest` meanwhile.
    package consuming func read(_ path: String, largest: Int) throws(FileProblem) -> [UInt8] {
        try descriptor.read(path, expected: size, largest: largest)
    }

    /// Returns whether the folder is sticky.
    private static func checkFolder(
        _ folder: borrowing Descriptor,
        _ place: String,
        _ owners: TrustedOwners
    ) throws(FileProblem) -> Bool {
        let status = try folder.status(place)
        let isSticky = status.st_mode & S_ISVTX != 0
        try checkWriters(status, place, owners, isSticky: isSticky)
        return isSticky
    }

    private static func checkWriters(
        _ status: stat,
        _ place: String,
        _ owners: TrustedOwners,
        isSticky: Bool
    ) throws(FileProblem) {
        guard owners.users.contains(status.st_uid) else { throw .owner(place, status.st_uid) }
        if isSticky { return }
        if status.st_mode & S_IWOTH != 0 { throw .writable(place, by: "everybody") }
        if status.st_mode & S_IWGRP != 0, !owners.groups.contains(status.st_gid) {
            throw .writable(place, by: "group \(status.st_gid)")
        }
    }

    private static func currentFolder() throws(FileProblem) -> String {
        guard let path = unsafe getcwd(nil, 0) else { throw .system(".", errno) }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }
}
