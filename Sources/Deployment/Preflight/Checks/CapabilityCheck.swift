import Diagnostics
import Kernel

/// Whether this process may change a firewall at all: it needs CAP_NET_ADMIN (capabilities(7)) in its namespace.
///
/// Root of a container often lacks it, and no `sudo` inside helps: it is given where the container is started.
struct CapabilityCheck: PreflightCheck {
    /// `/proc/self/status` (proc(5)).
    var status: String
    var engine: String?

    /// The bit of CAP_NET_ADMIN (include/uapi/linux/capability.h).
    private static let netAdmin: UInt64 = 1 << 12

    var diagnostics: [Diagnostic] {
        // A kernel that does not show capabilities says no by itself, at the first tool.
        guard let effective = field("CapEff:", 0).flatMap({ UInt64($0, radix: 16) }),
            effective & Self.netAdmin == 0
        else { return [] }
        // The second user id is the effective one.
        let isRoot = field("Uid:", 1) == "0"
        let place = engine.map { "this is a container of \($0), whose root has what \($0) gives it" }
        return [
            Diagnostic(
                code: "preflight.capability.missing",
                "this process may not change the firewall: it lacks CAP_NET_ADMIN",
                notes: isRoot ? [place].compactMap(\.self) : [],
                fix: isRoot ? Self.grant(engine) : "run it as root: `sudo wallwright …`"
            )
        ]
    }

    private func field(_ name: String, _ place: Int) -> Substring? {
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else {
            return nil
        }
        return line.split { $0 == " " || $0 == "\t" }.dropFirst(1 + place).first
    }

    /// How each engine is told to give the capability.
    private static func grant(_ engine: String?) -> String {
        switch engine {
        case nil:
            "run it from a login of root; a service needs `CapabilityBoundingSet=CAP_NET_ADMIN` in its unit"
        case "docker", "podman":
            "start the container with `--cap-add NET_ADMIN`"
        case "lxc", "lxc-libvirt":
            "take `net_admin` out of `lxc.cap.drop` in the container's configuration, and start it anew"
        case "systemd-nspawn":
            "start the container with `--private-network`, or with `--capability=CAP_NET_ADMIN`"
        case let other?:
            "give the container CAP_NET_ADMIN where \(other) starts it"
        }
    }
}

extension CapabilityCheck {
    init(reading host: PreflightHost) async {
        status = await host.files.text(of: "/proc/self/status") ?? ""
        engine = await host.containerEngine()
    }
}
