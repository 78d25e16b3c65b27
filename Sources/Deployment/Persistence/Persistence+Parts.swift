import Glibc
import Kernel

/// One part of a way comes into the root, or goes.
extension Persistence {
    /// What beside a file holds the one that was there before.
    private static let keptSuffix = ".before-wallwright"
    /// What beside a file holds what somebody made of ours.
    private static let changedSuffix = ".after-wallwright"

    /// What is to be remembered of a part; nil for a link that the person made.
    func plan(_ part: PersistedPart, over known: PersistenceRecord?) throws -> PersistenceRecord.Part? {
        let before = known?.part(at: part.path)
        switch part {
        case .file(let path, let text, _):
            var kept = before?.kept
            if before == nil, try root.status(of: path) != nil {
                kept = path + Self.keptSuffix
                if let kept, try root.status(of: kept) != nil {
                    throw ChangeError.refused(
                        "\(root.place(kept)) is there already, so \(root.place(path)) cannot be kept\n"
                            + "do: move one of them elsewhere"
                    )
                }
            }
            let digest = PersistenceRecord.digest(Array(text.utf8))
            return .init(kind: .file, path: path, content: digest, former: before?.content, kept: kept)
        case .link(let path, let target):
            if before == nil, try root.status(of: path) != nil { return nil }
            return .init(kind: .link, path: path, content: target)
        case .line(let path, let text):
            if let before { return before }
            let bytes = try root.read(path)
            let joint = bytes?.last.map { $0 == UInt8(ascii: "\n") ? "" : "\n" } ?? ""
            return .init(kind: .line, path: path, content: "\(joint)\(text)\n", madeFile: bytes == nil)
        }
    }

    func put(_ part: PersistedPart, _ planned: PersistenceRecord.Part) throws {
        switch part {
        case .file(let path, let text, let mode):
            if let kept = planned.kept, try root.status(of: kept) == nil { try root.keep(path, as: kept) }
            let bytes = Array(text.utf8)
            let isSame = try root.status(of: path).map { $0.st_mode == S_IFREG | mode } ?? false
            if try isSame && root.read(path) == bytes { return }
            try root.write(bytes, to: path, mode: mode)
        case .link(let path, let target):
            if root.files.link(at: path) == target { return }
            try root.remove(path)
            try root.link(path, to: target)
        case .line(let path, _):
            let bytes = try root.read(path) ?? []
            let addition = Array(planned.content.utf8)
            if bytes.firstRange(of: addition) != nil { return }
            try root.rewrite(path, bytes + addition)
        }
    }

    /// Returns what a person should know.
    @discardableResult
    func takeAway(_ part: PersistenceRecord.Part) throws -> String? {
        try root.removeDraft(of: part.path)
        switch part.kind {
        case .file: return try takeAway(file: part)
        case .link:
            if root.files.link(at: part.path) == part.content { try root.remove(part.path) }
            return nil
        case .line:
            guard var bytes = try root.read(part.path),
                let range = bytes.firstRange(of: Array(part.content.utf8))
            else { return nil }
            bytes.removeSubrange(range)
            if part.madeFile && bytes.isEmpty {
                try root.remove(part.path)
            } else {
                try root.rewrite(part.path, bytes)
            }
            return nil
        }
    }

    /// What was there before comes back; what somebody else made of ours is not thrown away.
    private func takeAway(file part: PersistenceRecord.Part) throws -> String? {
        let path = part.path
        // A file is kept before ours takes its place: where none is, ours never did.
        if let kept = part.kept, try root.status(of: kept) == nil { return nil }
        var note: String?
        if let bytes = try root.read(path), try isStrange(bytes, part) {
            let changed = path + Self.changedSuffix
            try root.move(path, to: changed)
            note = "\(root.place(path)) was changed by somebody: that is kept as \(root.place(changed))"
        }
        guard let kept = part.kept else {
            try root.remove(path)
            return note
        }
        try root.move(kept, to: path)
        // Where ours never took its place both are one file, and that move moves nothing (rename(2)).
        try root.remove(kept)
        return note
    }

    /// Whether a file is neither ours nor the one from before.
    private func isStrange(_ bytes: [UInt8], _ part: PersistenceRecord.Part) throws -> Bool {
        let digest = PersistenceRecord.digest(bytes)
        if digest == part.content || digest == part.former { return false }
        return try part.kept.map { try root.read($0) != bytes } ?? true
    }
}
