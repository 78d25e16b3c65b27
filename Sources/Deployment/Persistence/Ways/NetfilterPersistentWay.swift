import Kernel

/// A plug-in of netfilter-persistent(8), the service of Debian and Ubuntu: a program that gets `start`, `save` or
/// `flush`, in the order of the names, which run-parts(8) takes when they are letters, digits, `_` and `-`.
///
/// Ours comes after `10-ipset`, `15-ip4tables` and `25-ip6tables`, which replace whole tables.
struct NetfilterPersistentWay: PersistenceWay {
    let name = "netfilter-persistent"
    let title = "a plug-in of Debian's and Ubuntu's service"
    let ownFindings: Set<String> = ["preflight.manager.netfilter-persistent"]

    private static let folder = "/usr/share/netfilter-persistent/plugins.d"

    func lack(in root: RootFolder) -> String? {
        guard root.files.exists(Self.folder) else { return "netfilter-persistent is not installed" }
        return Self.isStartedByInit(root) ? nil : SystemdService.idleness(in: root)
    }

    /// Without systemd a link of the first runlevel starts it (Debian's sysv-rc), where that init runs.
    private static func isStartedByInit(_ root: RootFolder) -> Bool {
        root.files.text(of: "/proc/1/comm") == "init\n"
            && root.files.names(in: "/etc/rcS.d").contains { $0.hasSuffix("netfilter-persistent") }
    }

    func parts(for setting: PersistenceSetting) -> [PersistedPart] {
        let isSystemd = SystemdService.isSystemd(setting.root)
        let text = """
            #!/bin/sh
            # Made by wallwright enable; wallwright disable takes it away.
            case "$1" in
            start | restart | reload | force-reload)
                exec \(setting.boot)\(isSystemd ? " --without-watch" : "")
                ;;
            save)
                # What is confirmed is on the disk already.
                ;;
            stop | flush)
                echo "The firewall of Wallwright stays: wallwright remove takes it away"
                ;;
            *)
                echo "Usage: $0 {start|restart|reload|force-reload|save|flush}" >&2
                exit 1
                ;;
            esac

            """
        let service = SystemdService("netfilter-persistent", in: setting.root)
        return [.file(path: "\(Self.folder)/50-wallwright", text: text, mode: 0o755)]
            + (isSystemd
                ? (service?.enablement(in: setting.root) ?? []) + SystemdUnits.watchParts(setting) : [])
    }

    func notes(for setting: PersistenceSetting) -> [String] {
        ["what 15-ip4tables and 25-ip6tables load is loaded too, before ours"]
    }
}
