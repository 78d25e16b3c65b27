import Kernel

/// A script that runit's first stage reads, as Void has it: `/etc/runit/1` sources `core-services/*.sh` in their order,
/// file systems, modules (07) and settings (08) before ours, and every service comes after (void-runit, "1").
struct RunitWay: PersistenceWay {
    let name = "runit"
    let title = "a script of runit's first stage, as on Void"

    private static let folder = "/etc/runit/core-services"

    func lack(in root: RootFolder) -> String? {
        guard root.files.exists(Self.folder) else { return "there is no \(Self.folder)" }
        return root.isHost && root.files.text(of: "/proc/1/comm") != "runit\n"
            ? "runit does not run here" : nil
    }

    /// It is sourced, so it must not exit.
    func parts(for setting: PersistenceSetting) -> [PersistedPart] {
        let text = """
            # Made by wallwright enable; wallwright disable takes it away.

            msg "Loading the firewall..."
            \(setting.boot) || msg_warn "The firewall is not the one that was confirmed last"

            """
        return [.file(path: "\(Self.folder)/09-wallwright.sh", text: text, mode: 0o644)]
    }
}
