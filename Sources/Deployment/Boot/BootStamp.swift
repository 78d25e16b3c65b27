import FoundationEssentials
import Glibc
import Kernel
import SystemPackage

/// What `wallwright boot` loaded when this machine started, told by a file under /run: that begins empty with every start,
/// so nobody can take the trace of an older one for this one's.
package struct BootStamp: Codable, Sendable {
    /// The state folder that it was loaded from.
    var state: String
    /// A clause: `generation 3`.
    package var loaded: String

    private static let folder = "/run/wallwright"

    private static func path(_ host: HostIdentity) -> String { "\(folder)/boot-\(host.namespace)" }

    package init(_ result: BootLoader.Result, from state: StateFolder) {
        self.state = state.path
        loaded =
            switch result {
            case .generation(let number, _): "generation \(number)"
            case .removed(let number): "nothing, for generation \(number) removed the firewall,"
            case .minimum: "the minimum"
            }
    }

    /// It is only for people: where it cannot be written they are told less.
    package func write(for host: HostIdentity) {
        _ = unsafe mkdir(Self.folder, 0o700)
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC
        let number = unsafe open(Self.path(host), flags, mode_t(0o600))
        guard number >= 0 else { return }
        do {
            let file = FileDescriptor(rawValue: number)
            try file.closeAfter { _ = try file.writeAll(StateJSON.encode(self)) }
        } catch {
            // As with one that cannot be opened.
        }
    }

    /// Nil where nothing was seen to load this state.
    static func read(for host: HostIdentity, state: StateFolder) -> BootStamp? {
        do {
            guard let text = try HostFiles().text(of: path(host)) else { return nil }
            let stamp = try StateJSON.decode(BootStamp.self, Array(text.utf8))
            return stamp.state == state.path ? stamp : nil
        } catch {
            return nil
        }
    }
}
