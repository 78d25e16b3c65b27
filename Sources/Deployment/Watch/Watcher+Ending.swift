import Glibc
import Kernel

extension Watcher {
    /// Longer than a look at a large firewall takes.
    private static let patience = Duration.seconds(30)

    /// Ends the watch of this state and waits for that; false when none is at work. What is live stays.
    package static func end(in folder: StateFolder) async throws -> Bool {
        guard let seat = Seat.watching(folder), seat.isTaken else { return false }
        // In another namespace of processes its number is that of somebody else here.
        guard let process = seat.signature,
            try HostFiles().text(of: "/proc/\(process)/cmdline")?.contains("\0watch\0") == true,
            kill(process, SIGTERM) == 0
        else {
            throw ChangeError.failed("the watch is at work, and it is not known which process it is")
        }
        let end = BootClock.now + patience
        while seat.isTaken {
            guard BootClock.now < end else {
                throw ChangeError.failed("the watch, process \(process), was told to end and did not")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return true
    }
}
