import Diagnostics
import Glibc
import Kernel
import SystemPackage

/// The folder of generations is where it outlives a reboot and can be written: what the next boot loads is there, and
/// so is the way back.
struct StateFolderCheck: PreflightCheck {
    var folder: FilePath
    /// The folder itself, or the nearest one above that is there.
    var existing: FilePath
    var isFolder: Bool
    /// Whether this process may make files there.
    var isPermitted = true
    /// What holds it; nil when the kernel does not say.
    var filesystem: Filesystem?

    struct Filesystem: Hashable, Sendable {
        /// `ext4`; nil where the kernel counts its devices otherwise than its files (btrfs, overlay).
        var type: String?
        var isReadOnly = false
        /// Bytes that may be written; nil where the filesystem counts none.
        var free: UInt64?
    }

    /// Some generations, and what an apply writes beside them.
    static let least: UInt64 = 8 << 20

    var diagnostics: [Diagnostic] {
        guard isFolder else {
            let fix: Fix = "move it away: `mv \(existing) \(existing).old`"
            return [error("notfolder", "\(existing) is not a folder", fix)]
        }
        guard let filesystem else { return [] }
        if let name = filesystem.volatileName {
            let message = "\(existing) is on \(name), which a reboot empties"
            return [error("volatile", message, "name a folder on a disk")]
        }
        if filesystem.isReadOnly {
            let fix: Fix =
                "run `mount -o remount,rw $(findmnt -no TARGET -T \(existing))`, or name another folder"
            return [error("readonly", "\(existing) is on a filesystem that cannot be written", fix)]
        }
        guard isPermitted else {
            let message = "this process may not write in \(existing)"
            return [error("notpermitted", message, "name a folder of its own user with --state")]
        }
        if let free = filesystem.free, free < Self.least {
            let message = "\(existing) has \(free >> 10) KiB free, and 8 MiB are needed"
            return [error("full", message, "make room: `du -xh --max-depth=2 \(existing) | sort -h`")]
        }
        return []
    }

    private func error(_ kind: String, _ message: String, _ fix: Fix) -> Diagnostic {
        let note = "\(folder) holds what the next boot loads, and the way back"
        return Diagnostic(code: "preflight.state.\(kind)", message, notes: [note], fix: fix)
    }
}

extension StateFolderCheck {
    init(reading host: PreflightHost) async {
        let mounts = await host.files.text(of: "/proc/self/mountinfo") ?? ""
        self.init(host.request.stateFolder, mounts: mounts)
    }

    init(_ folder: FilePath, mounts: String) {
        self.folder = folder
        var existing = folder
        var information = stat()
        while unsafe stat(existing.string, &information) != 0, existing.removeLastComponent() {
            // A path that begins nowhere begins in the folder of this process.
            if existing.isEmpty { existing = "." }
        }
        self.existing = existing
        isFolder = information.st_mode & S_IFMT == S_IFDIR
        isPermitted = unsafe faccessat(AT_FDCWD, existing.string, W_OK | X_OK, AT_EACCESS) == 0
        filesystem = Filesystem(of: existing, device: information.st_dev, mounts: mounts)
    }
}

extension StateFolderCheck.Filesystem {
    /// Asks the kernel (statvfs(3), and for the type proc(5), "/proc/pid/mountinfo").
    fileprivate init?(of path: FilePath, device: dev_t, mounts: String) {
        var answer = statvfs()
        guard unsafe statvfs(path.string, &answer) == 0 else { return nil }
        type = Self.type(of: device, mounts: mounts)
        isReadOnly = answer.f_flag & UInt(ST_RDONLY) != 0
        // Some network filesystems count no blocks.
        free = answer.f_blocks == 0 ? nil : UInt64(answer.f_bavail) * UInt64(answer.f_frsize)
    }

    /// A line has the device as `major:minor` (makedev(3)) in its third field, and the type after a dash.
    static func type(of device: dev_t, mounts: String) -> String? {
        let major = device >> 8 & 0xFFF | device >> 32 & ~0xFFF
        let minor = device & 0xFF | device >> 12 & ~0xFF
        let name = "\(major):\(minor)"
        for line in mounts.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 2, words[2] == name, let dash = words.firstIndex(of: "-") else { continue }
            return words.dropFirst(dash + 1).first.map(String.init)
        }
        return nil
    }

    fileprivate var volatileName: String? { type == "tmpfs" || type == "ramfs" ? type : nil }
}
