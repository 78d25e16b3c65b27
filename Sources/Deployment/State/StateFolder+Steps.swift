import Glibc
import SystemPackage

/// Names in the state folder are reached one step at a time, each opened before it is judged: no link is followed, and
/// what others own or can write is refused. So nothing that was planted here leads elsewhere, or holds anybody up.
extension StateFolder {
    /// A name in an open folder.
    final class Step: Sendable {
        private let folder: Int32
        private let name: String
        private let isOwn: Bool

        fileprivate init(_ folder: Int32, _ name: String, isOwn: Bool) {
            (self.folder, self.name, self.isOwn) = (folder, name, isOwn)
        }

        deinit {
            if isOwn { close(folder) }
        }

        /// The folder is open as long as the work lasts.
        func use<Value, Failure: Error>(
            _ work: (_ folder: Int32, _ name: String) throws(Failure) -> Value
        ) throws(Failure) -> Value {
            defer { withExtendedLifetime(self) {} }
            return try work(folder, name)
        }
    }

    /// Why a name is not reached.
    struct StepProblem: Error {
        let place: String
        let errno: Errno?
        /// What is wrong with what is there; nil for an error of the system.
        var reason: String?

        var isAbsence: Bool { errno == .noSuchFileOrDirectory }

        var changeError: ChangeError {
            if let reason {
                return .refused(
                    "\(place) \(reason), and is not to be trusted\ndo: look who put it there, and move it away"
                )
            }
            return StateFolder.failure(place, errno ?? .ioError)
        }
    }

    func step(to name: String) throws(StepProblem) -> Step {
        var names = name.split(separator: "/").map(String.init)
        let last = names.popLast() ?? "."
        guard !names.isEmpty else { return Step(descriptor.rawValue, last, isOwn: false) }
        return Step(try openFolder(names.joined(separator: "/")), last, isOwn: true)
    }

    /// As ``step(to:)``, with the error of a change.
    func reaching(_ name: String) throws(ChangeError) -> Step {
        do throws(StepProblem) { return try step(to: name) } catch { throw error.changeError }
    }

    func requireFolder(_ name: String) throws(ChangeError) {
        do throws(StepProblem) { close(try openFolder(name)) } catch { throw error.changeError }
    }

    /// The caller closes it.
    func openFolder(_ name: String) throws(StepProblem) -> Int32 {
        var opened = fcntl(descriptor.rawValue, F_DUPFD_CLOEXEC, 0)
        guard opened >= 0 else { throw problem(name) }
        var walked = ""
        for part in name.split(separator: "/") where part != "." {
            walked += walked.isEmpty ? "\(part)" : "/\(part)"
            let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
            let next = unsafe openat(opened, String(part), flags)
            let error = errno
            close(opened)
            guard next >= 0 else { throw problem(walked, error) }
            opened = try trusted(next, walked, is: S_IFDIR)
        }
        return opened
    }

    /// Opens a plain file of one name that nobody else can write. The caller closes it.
    func openTrusted(_ name: String, _ flags: Int32) throws(StepProblem) -> Int32 {
        // A pipe that nobody writes would hold the opening up.
        let all = flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let number = try step(to: name).use { folder, last throws(StepProblem) in
            let number = unsafe openat(folder, last, all, mode_t(0o600))
            guard number >= 0 else { throw problem(name) }
            return number
        }
        return try trusted(number, name, is: S_IFREG)
    }

    func open(_ name: String, _ flags: Int32) throws(ChangeError) -> Int32 {
        do throws(StepProblem) { return try openTrusted(name, flags) } catch { throw error.changeError }
    }

    private func problem(_ name: String, _ number: Int32 = errno) -> StepProblem {
        let error = Errno(rawValue: number)
        let isLink = error == .tooManySymbolicLinkLevels
        return StepProblem(place: place(name), errno: error, reason: isLink ? "is a symbolic link" : nil)
    }

    /// What was opened; closed where it is not to be trusted.
    private func trusted(_ number: Int32, _ name: String, is kind: mode_t) throws(StepProblem) -> Int32 {
        do throws(StepProblem) {
            try check(number, name, is: kind)
            return number
        } catch {
            close(number)
            throw error
        }
    }

    private func check(_ number: Int32, _ name: String, is kind: mode_t) throws(StepProblem) {
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else { throw problem(name) }
        func strange(_ reason: String) -> StepProblem {
            StepProblem(place: place(name), errno: nil, reason: reason)
        }
        guard status.st_mode & S_IFMT == kind else {
            throw strange(kind == S_IFDIR ? "is not a folder" : "is not a regular file")
        }
        guard status.st_uid == geteuid() else { throw strange("belongs to user \(status.st_uid)") }
        guard status.st_mode & 0o022 == 0 else { throw strange("can be written by others") }
        // A second name may be anywhere, and what is written here would be written there.
        if kind == S_IFREG, status.st_nlink > 1 { throw strange("has a second name") }
    }
}
