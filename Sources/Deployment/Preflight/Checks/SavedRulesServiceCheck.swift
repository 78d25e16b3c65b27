import Diagnostics
import Kernel

/// Services that load saved rules of iptables at boot: netfilter-persistent of Debian, iptables and ip6tables of
/// Fedora's iptables-services. They load whole tables, in the place of what is in them.
struct SavedRulesServiceCheck: PreflightCheck {
    struct Service: Hashable, Sendable {
        var name: String
        /// The files that it loads.
        var files: [String]
        /// Those of them that hold chains of ours, saved while we were loaded.
        var filesWithOurs: [String] = []
        /// Whether `wallwright save` wrote one of them.
        var isOfSave = false
    }

    var backend: PreflightRequest.Backend
    /// Those that are enabled.
    var services: [Service]

    private static let known = [
        ("netfilter-persistent", ["/etc/iptables/rules.v4", "/etc/iptables/rules.v6"]),
        ("iptables", ["/etc/sysconfig/iptables"]),
        ("ip6tables", ["/etc/sysconfig/ip6tables"]),
    ]

    var diagnostics: [Diagnostic] { services.map(diagnostic) }

    private func diagnostic(_ service: Service) -> Diagnostic {
        let files = service.files.joined(separator: ", ")
        var notes = [files.isEmpty ? "it has no rules yet" : "it loads \(files)"]
        if backend != .nftables {
            notes.append("it loads whole tables: loaded or stopped after ours, it takes our chains away")
        }
        if !service.filesWithOurs.isEmpty {
            let files = service.filesWithOurs.joined(separator: ", ")
            notes.append("\(files) has older copies of our chains, and would load them again")
        }
        if service.isOfSave {
            return Diagnostic(
                .note,
                code: "preflight.manager.\(service.name)",
                "\(service.name).service loads at boot what `wallwright save` wrote",
                notes: notes,
                fix: backend == .nftables ? nil : "run `wallwright enable`: its unit loads ours after it"
            )
        }
        return Diagnostic(
            .warning,
            code: "preflight.manager.\(service.name)",
            "\(service.name).service loads a firewall of its own at boot",
            notes: notes,
            fix: "run `systemctl disable \(service.name)`, without --now"
        )
    }
}

extension SavedRulesServiceCheck {
    init(reading host: PreflightHost) async {
        backend = host.request.backend
        services = []
        for (name, files) in Self.known where await host.isEnabled(name) {
            var service = Service(name: name, files: [])
            for file in files {
                guard let text = await host.files.text(of: file) else { continue }
                service.files.append(file)
                if text.hasPrefix(RuleSaving.header) { service.isOfSave = true }
                if SavedRules(text).hasOurs { service.filesWithOurs.append(file) }
            }
            services.append(service)
        }
    }
}
