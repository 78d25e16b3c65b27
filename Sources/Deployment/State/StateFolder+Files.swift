import Glibc
import Kernel
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
        let file = FileDescriptor(rawValue: try open(name, O_WRONLY | O_CREAT | O_EXCL))
        try file.closeAfter {
            do {
                try file.writeAll(bytes)
            } catch let error as Errno {
                throw failure(name, error)
            }
            try checked(name, fsync(file.rawValue))
        }
    }

    /// No file of a state is larger, in bytes.
    private static let largest = 1 << 30

    /// What the file holds; nil when it is not there.
    func read(_ name: String) throws -> [UInt8]? {
        let number: Int32
        do throws(StepProblem) {
            number = try openTrusted(name, O_RDONLY)
        } catch {
            if error.isAbsence { return nil }
            throw error.changeError
        }
        let file = FileDescriptor(rawValue: number)
        return try file.closeAfter {
            let bytes: [UInt8]
            do { bytes = try file.bytes(upTo: Self.largest) } catch let error as Errno {
                throw failure(name, error)
            }
            guard bytes.count <= Self.largest else {
                throw ChangeError.failed("\(place(name)) is too large to be of this state")
            }
            return bytes
        }
    }

    /// Moves what is called `name`; false when it is not there (any more). On return the move is on the disk.
    func rename(_ name: String, to other: String) throws -> Bool {
        let (from, to): (Step, Step)
        do throws(StepProblem) {
            (from, to) = (try step(to: name), try step(to: other))
        } catch {
            if error.isAbsence { return false }
            throw error.changeError
        }
        return try from.use { fromFolder, fromName in
            try to.use { toFolder, toName in
                if unsafe renameat(fromFolder, fromName, toFolder, toName) != 0 {
                    if errno == ENOENT { return false }
                    throw failure(name, Errno(rawValue: errno))
                }
                try checked(other, fsync(toFolder))
                if folder(of: name) != folder(of: other) { try checked(name, fsync(fromFolder)) }
                return true
            }
        }
    }

    /// Whether there is a file or a folder; a link is neither.
    func has(_ name: String) -> Bool {
        do throws(StepProblem) {
            return try step(to: name).use { folder, last in
                var status = stat()
                return unsafe fstatat(folder, last, &status, AT_SYMLINK_NOFOLLOW) == 0
                    && status.st_mode & S_IFMT != S_IFLNK
            }
        } catch {
            return false
        }
    }

    /// What every writing of the file changes, asked for without opening it; nil where it is not there.
    func stamp(of name: String) -> [Int]? {
        do throws(StepProblem) {
            return try step(to: name).use { folder, last in
                var status = stat()
                guard unsafe fstatat(folder, last, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
                return [
                    Int(status.st_ino), status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                ]
            }
        } catch {
            return nil
        }
    }

    func makeFolder(_ name: String) throws {
        try reaching(name).use { folder, last in
            if unsafe mkdirat(folder, last, 0o700) != 0 {
                guard errno == EEXIST else { throw failure(name, Errno(rawValue: errno)) }
                // Whoever made it, it must be a folder that can be trusted.
                try requireFolder(name)
            } else {
                try checked(name, fsync(folder))
            }
        }
    }

    /// The names in a folder; none where it is not there.
    func names(in folder: String) throws -> [String] {
        let number: Int32
        do throws(StepProblem) {
            number = try openFolder(folder)
        } catch {
            if error.isAbsence { return [] }
            throw error.changeError
        }
        guard let stream = unsafe fdopendir(number) else {
            let error = Errno(rawValue: errno)
            close(number)
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

    /// Takes a folder away with all that is in it; of a link, the link. Nothing there is no error.
    func removeTree(_ name: String) throws {
        try reaching(name).use { folder, last in
            if unsafe unlinkat(folder, last, 0) == 0 || errno == ENOENT { return }
            guard errno == EISDIR || errno == EPERM else { throw failure(name, Errno(rawValue: errno)) }
            for inner in try names(in: name) { try removeTree("\(name)/\(inner)") }
            if unsafe unlinkat(folder, last, AT_REMOVEDIR) != 0, errno != ENOENT {
                throw failure(name, Errno(rawValue: errno))
            }
        }
    }

    func removeFile(_ name: String) throws {
        try reaching(name).use { folder, last in
            if unsafe unlinkat(folder, last, 0) != 0, errno != ENOENT {
                throw failure(name, Errno(rawValue: errno))
            }
        }
    }

    /// Makes what happened to the names beside `name` last.
    func sync(folderOf name: String) throws {
        try reaching(name).use { folder, _ in _ = try checked(name, fsync(folder)) }
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
