import Glibc
import SystemPackage

/// Files and folders by their path in the state folder.
extension StateFolder {
    /// Puts the bytes in the place of what the file held; on return they are on the disk.
    func write(_ bytes: [UInt8], to name: String) throws {
        let temporary = name + ".new"
        do {
            try removeFile(temporary)
            try create(temporary, holding: bytes)
            _ = try rename(temporary, to: name)
        } catch {
            // What is left of it may fill the disk; why that fails too is no better reason than the first.
            do { try removeFile(temporary) } catch {}
            throw error
        }
    }

    /// Writes a file that must not be there.
    func create(_ name: String, holding bytes: [UInt8]) throws {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = FileDescriptor(
            rawValue: try checked(name, unsafe openat(descriptor.rawValue, name, flags, mode_t(0o600)))
        )
        try file.closeAfter {
            do {
                try file.writeAll(bytes)
            } catch let error as Errno {
                throw failure(name, error)
            }
            try checked(name, fsync(file.rawValue))
        }
    }

    /// What the file holds; nil when it is not there.
    func read(_ name: String) throws -> [UInt8]? {
        let number = unsafe openat(descriptor.rawValue, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        if number < 0 && errno == ENOENT { return nil }
        let file = FileDescriptor(rawValue: try checked(name, number))
        return try file.closeAfter {
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 256 << 10)
            while true {
                let count: Int
                do {
                    count = unsafe try buffer.withUnsafeMutableBytes { unsafe try file.read(into: $0) }
                } catch let error as Errno {
                    throw failure(name, error)
                }
                if count == 0 { return bytes }
                bytes += buffer[..<count]
            }
        }
    }

    /// Moves what is called `name`; false when it is not there (any more). On return the move is on the disk.
    func rename(_ name: String, to other: String) throws -> Bool {
        if unsafe renameat(descriptor.rawValue, name, descriptor.rawValue, other) != 0 {
            if errno == ENOENT { return false }
            throw failure(name, Errno(rawValue: errno))
        }
        try sync(folderOf: other)
        if folder(of: name) != folder(of: other) { try sync(folderOf: name) }
        return true
    }

    func has(_ name: String) -> Bool {
        unsafe faccessat(descriptor.rawValue, name, F_OK, 0) == 0
    }

    func makeFolder(_ name: String) throws {
        if unsafe mkdirat(descriptor.rawValue, name, 0o700) != 0 {
            if errno == EEXIST { return }
            throw failure(name, Errno(rawValue: errno))
        }
        try sync(folderOf: name)
    }

    /// The names in a folder; none where it is not there.
    func names(in folder: String) throws -> [String] {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        let number = unsafe openat(descriptor.rawValue, folder, flags)
        if number < 0 && errno == ENOENT { return [] }
        let opened = try checked(folder, number)
        guard let stream = unsafe fdopendir(opened) else {
            let error = Errno(rawValue: errno)
            close(opened)
            throw failure(folder, error)
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Takes a folder away with all that is in it. Nothing there is no error.
    func removeTree(_ name: String) throws {
        for inner in try names(in: name) {
            let path = "\(name)/\(inner)"
            if unsafe unlinkat(descriptor.rawValue, path, 0) == 0 { continue }
            guard errno == EISDIR || errno == EPERM else { throw failure(path, Errno(rawValue: errno)) }
            try removeTree(path)
        }
        if unsafe unlinkat(descriptor.rawValue, name, AT_REMOVEDIR) != 0, errno != ENOENT {
            throw failure(name, Errno(rawValue: errno))
        }
    }

    func removeFile(_ name: String) throws {
        if unsafe unlinkat(descriptor.rawValue, name, 0) != 0, errno != ENOENT {
            throw failure(name, Errno(rawValue: errno))
        }
    }

    /// Makes what happened to the names beside `name` last.
    func sync(folderOf name: String) throws {
        let number = unsafe openat(descriptor.rawValue, folder(of: name), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        let opened = try checked(name, number)
        defer { close(opened) }
        try checked(name, fsync(opened))
    }

    private func folder(of name: String) -> String {
        name.lastIndex(of: "/").map { String(name[..<$0]) } ?? "."
    }

    @discardableResult
    private func checked(_ name: String, _ result: Int32) throws -> Int32 {
        guard result >= 0 else { throw failure(name, Errno(rawValue: errno)) }
        return result
    }

    func failure(_ name: String, _ error: Errno) -> ChangeError { Self.failure(place(name), error) }

    static func failure(_ path: String, _ error: Errno) -> ChangeError {
        let advice = error == .noSpace ? "\ndo: make room on that file system; nothing was half written" : ""
        return .failed("\(path): \(error)\(advice)")
    }
}
