import Kernel

/// A service script of OpenRC in the runlevel `boot` (openrc-run(8)).
struct OpenRCWay: PersistenceWay {
    let name = "openrc"
    let title = "a script of OpenRC, as on Alpine and Gentoo"

    private static let script = "/etc/init.d/wallwright"
    private static let runner = "openrc-run"

    private func runner(in root: RootFolder) -> String? {
        ["/sbin", "/usr/sbin"].map { "\($0)/\(Self.runner)" }.first { root.files.exists($0) }
    }

    func lack(in root: RootFolder) -> String? {
        if runner(in: root) == nil { return "there is no \(Self.runner)" }
        if root.isHost && !root.files.exists("/run/openrc") { return "OpenRC does not run here" }
        return root.files.exists("/etc/init.d") ? nil : "there is no /etc/init.d"
    }

    func parts(for setting: PersistenceSetting) -> [PersistedPart] {
        let text = """
            #!\(runner(in: setting.root) ?? "/sbin/openrc-run")
            # Made by wallwright enable; wallwright disable takes it away.

            description="Loads the firewall that was confirmed"

            depend() {
                need localmount
                after modules sysctl nftables ipset iptables ip6tables
                before net
                provide firewall
            }

            start() {
                ebegin "Loading the firewall"
                \(setting.boot)
                eend $?
            }

            stop() {
                # Whoever shuts a machine down wants no open ports: wallwright remove takes the firewall away.
                return 0
            }

            """
        return [
            .file(path: Self.script, text: text, mode: 0o755),
            .link(path: "/etc/runlevels/boot/wallwright", target: Self.script),
        ]
    }
}
