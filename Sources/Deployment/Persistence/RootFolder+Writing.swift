import Glibc
import Kernel
import SystemPackage

/// Changes of a root, each of which is there wholly or not at all, also after a power failure.
extension RootFolder {
    /// Puts the bytes in the place of what the file held. An owner is kept when one is given.
    func write(_ bytes: [UInt8], to name: String, mode: UInt32, owner: (UInt32, UInt32)? = nil) throws {
        let temporary = draft(of: name)
        try remove(temporary)
        do {
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            let number = unsafe open(place(temporary), flags, mode_t(0o600))
            try check(name, number)
            let file = FileDescriptor(rawValue: number)
            try file.closeAfter {
                do { try file.writeAll(bytes) } catch let error as Errno { throw failure(name, error) }
                if let owner { try check(name, fchown(number, owner.0, owner.1)) }
                try check(name, fchmod(number, mode))
                try check(name, fsync(number))
            }
            try move(temporary, to: name)
        } catch {
            // Why what is left of it cannot go is no better reason than the first.
            do { try remove(temporary) } catch {}
            throw error
        }
    }

    /// What is left of a writing that was killed.
    func removeDraft(of name: String) throws {
        try remove(draft(of: name))
    }

    private func draft(of name: String) -> String { name + ".wallwright-new" }

    /// Puts the bytes in the place of what a person's file held; its mode and owner stay.
    func rewrite(_ name: String, _ bytes: [UInt8]) throws {
        let status = try status(of: name)
        try write(
            bytes,
            to: name,
            mode: status.map { $0.st_mode & 0o7777 } ?? 0o644,
            owner: status.map { ($0.st_uid, $0.st_gid) }
        )
    }

    /// Gives what stands at a name a second one, beside it.
    func keep(_ name: String, as other: String) throws {
        try check(other, unsafe linkat(AT_FDCWD, place(name), AT_FDCWD, place(other), 0))
        try sync(folderOf: other)
    }

    func move(_ name: String, to other: String) throws {
        try check(other, unsafe rename(place(name), place(other)))
        try sync(folderOf: other)
    }

    func link(_ name: String, to target: String) throws {
        try check(name, unsafe symlink(target, place(name)))
        try sync(folderOf: name)
    }

    /// Nothing there is no error.
    func remove(_ name: String) throws {
        if unsafe unlink(place(name)) == 0 { return try sync(folderOf: name) }
        if errno != ENOENT && errno != ENOTDIR { throw failure(name, Errno(rawValue: errno)) }
    }

    /// The folders above a name that are not there, outermost first.
    func missingFolders(above name: String) -> [String] {
        var missing: [String] = []
        var folder = parent(of: name)
        while !folder.isEmpty, !files.exists(folder) {
            missing.insert(folder, at: 0)
            folder = parent(of: folder)
        }
        return missing
    }

    func makeFolder(_ name: String) throws {
        if unsafe mkdir(place(name), 0o755) != 0 {
            if errno == EEXIST { return }
            throw failure(name, Errno(rawValue: errno))
        }
        try sync(folderOf: name)
    }

    /// One that holds something stays.
    func removeFolder(_ name: String) throws {
        if unsafe rmdir(place(name)) == 0 { return try sync(folderOf: name) }
        guard [ENOENT, ENOTEMPTY, EEXIST].contains(errno) else {
            throw failure(name, Errno(rawValue: errno))
        }
    }

    /// Makes what happened to the names beside this one last.
    private func sync(folderOf name: String) throws {
        let folder = parent(of: name)
        let number = unsafe open(place(folder) + "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        try check(folder, number)
        defer { close(number) }
        try check(folder, fsync(number))
    }

    private func parent(of name: String) -> String {
        name.lastIndex(of: "/").map { String(name[..<$0]) } ?? ""
    }

    private func check(_ name: String, _ result: Int32) throws {
        guard result >= 0 else { throw failure(name, Errno(rawValue: errno)) }
    }
}
