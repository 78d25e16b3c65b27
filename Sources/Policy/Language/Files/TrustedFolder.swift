import Diagnostics
import Glibc

/// A folder in which nobody who is not trusted can exchange what is found.
///
/// The path is walked from the root, one name at a time, each opened before it is judged, so that nothing can be
/// exchanged between the look and the use. Every folder and every link on the way must belong to a trusted owner and
/// be closed to the writing of others. A folder with the sticky bit (`/tmp`) may be open to others: there nobody can
/// replace what a trusted owner made, and the next name must be such a thing.
package struct TrustedFolder: ~Copyable {
    let descriptor: Descriptor
    let isSticky: Bool
    /// Its path, without links; empty for the root.
    let place: String

    /// As many links as the kernel follows in one path (MAXSYMLINKS, linux/namei.h).
    private static let mostLinks = 40

    /// Throws what cannot be trusted, and the first name that is not there.
    package static func check(_ path: String, owners: TrustedOwners) throws(FileProblem) {
        _ = try TrustedFolder(names(of: path), owners: owners)
    }

    /// The names of a path, from the root on.
    static func names(of path: String) throws(FileProblem) -> [String] {
        let names = path.split(separator: "/").map(String.init)
        return path.hasPrefix("/")
            ? names : try currentFolder().split(separator: "/").map(String.init) + names
    }

    init(_ names: [String], owners: TrustedOwners) throws(FileProblem) {
        var folder = try Descriptor.openRoot()
        var isSticky = try Self.checkFolder(folder, "/", owners)
        var walked = ""
        var links = 0
        var rest = Array(names.reversed())
        while let name = rest.popLast() {
            if name == "." { continue }
            let place = walked + "/" + name
            let next = try folder.open(name, Descriptor.pathOnly | O_NOFOLLOW, place)
            let status = try next.status(place)
            if status.st_mode & S_IFMT == S_IFLNK {
                links += 1
                guard links <= Self.mostLinks else { throw .system(place, ELOOP) }
                guard owners.users.contains(status.st_uid) else { throw .owner(place, status.st_uid) }
                let target = try next.linkTarget(place)
                rest += target.split(separator: "/").map(String.init).reversed()
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
        descriptor = folder
        self.isSticky = isSticky
        place = walked
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

    static func checkWriters(
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
