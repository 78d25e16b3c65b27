import Compiler
import Diagnostics
import Kernel
import Netlink
import SystemPackage

/// Whether this process may change a firewall at all: what the tools of the backend need of capabilities(7), and a kernel
/// that lets this process do it in this network namespace.
///
/// Root of a container often lacks them, and no `sudo` inside helps: they are given where the container is started.
struct CapabilityCheck: PreflightCheck {
    var backend = PreflightRequest.Backend.nftables
    /// `/proc/self/status` (proc(5)).
    var status: String
    var engine: String?
    /// What the kernel says to this process when it asks for rules of this network namespace.
    var refusal: SystemError?

    var diagnostics: [Diagnostic] {
        // A kernel that does not show capabilities says no by itself, at the first tool.
        let effective = field("CapEff:", 0).flatMap { UInt64($0, radix: 16) } ?? .max
        let missing = Capability.needed(by: backend).filter { effective & $0.mask == 0 }
        guard !missing.isEmpty else { return refusal.map { [Self.foreign($0)] } ?? [] }
        let names = missing.map { "CAP_\($0.rawValue.uppercased())" }.joined(separator: " and ")
        let message =
            missing.contains(.netAdmin)
            ? "this process may not change the firewall: it lacks \(names)"
            : "iptables-legacy does not start without \(names), which this process lacks"
        // The second user id is the effective one.
        let isRoot = field("Uid:", 1) == "0"
        let place = engine.map { "this is a container of \($0), whose root has what \($0) gives it" }
        return [
            Diagnostic(
                code: "preflight.capability.missing",
                message,
                notes: isRoot ? [place].compactMap(\.self) : [],
                fix: isRoot ? Fix(Self.grant(missing, by: engine)) : "run it as root: `sudo wallwright …`"
            )
        ]
    }

    /// With all capabilities, but those of another user namespace than that of the network (user_namespaces(7)).
    private static func foreign(_ refusal: SystemError) -> Diagnostic {
        Diagnostic(
            code: "preflight.capability.foreign",
            "the kernel lets this process change no firewall in this network namespace",
            notes: ["\(refusal)", "root of a user namespace is root only of network namespaces made in it"],
            fix:
                "make one with the user namespace: `unshare --user --map-root-user --net`, or be root outside"
        )
    }

    private func field(_ name: String, _ place: Int) -> Substring? {
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else {
            return nil
        }
        return line.split { $0 == " " || $0 == "\t" }.dropFirst(1 + place).first
    }

    /// How each engine is told to give the capabilities.
    private static func grant(_ missing: [Capability], by engine: String?) -> String {
        let names = missing.map(\.rawValue)
        let list = names.map { "CAP_\($0.uppercased())" }.joined(separator: " ")
        switch engine {
        case nil:
            return "run it from a login of root; a service needs `CapabilityBoundingSet=\(list)` in its unit"
        case "docker", "podman":
            let options = names.map { "--cap-add \($0.uppercased())" }.joined(separator: " ")
            return "start the container with `\(options)`"
        case "lxc", "lxc-libvirt":
            return
                "take `\(names.joined(separator: " "))` out of `lxc.cap.drop` in the container's configuration, "
                + "and start it anew"
        case "systemd-nspawn":
            return "start the container with `--private-network`, or with `--capability=\(list)`"
        case let other?:
            return "give the container \(list) where \(other) starts it"
        }
    }
}

/// A capability, as capabilities(7) names it.
enum Capability: String, Hashable {
    case netAdmin = "net_admin"
    case netRaw = "net_raw"

    /// Its bit (include/uapi/linux/capability.h).
    var mask: UInt64 {
        switch self {
        case .netAdmin: 1 << 12
        case .netRaw: 1 << 13
        }
    }

    static func needed(by backend: PreflightRequest.Backend) -> [Capability] {
        switch backend {
        case .nftables, .iptables(.nft): [.netAdmin]
        // It speaks to the kernel through a raw socket.
        case .iptables(.legacy): [.netAdmin, .netRaw]
        }
    }
}

extension CapabilityCheck {
    init(reading host: PreflightHost) async {
        backend = host.request.backend
        status = await host.files.text(of: "/proc/self/status") ?? ""
        engine = await host.containerEngine()
        refusal = nil
        guard host.isThisMachine else { return }
        do {
            _ = try await HostFirewall(in: host.request.namespace).backends()
        } catch let error as SystemError where error.errno == .notPermitted {
            refusal = error
        } catch {
            // The backend's own checks say more.
        }
    }
}
