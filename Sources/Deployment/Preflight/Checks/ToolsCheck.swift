import Compiler
import Diagnostics
import Kernel

/// The programs by which the firewall reaches the kernel are installed.
struct ToolsCheck: PreflightCheck {
    /// In the order of the backend's tools.
    var missing: [String]
    /// What to type to install them.
    var installation: String

    var diagnostics: [Diagnostic] {
        guard !missing.isEmpty else { return [] }
        let names = missing.joined(separator: ", ")
        return [
            Diagnostic(
                code: "preflight.tool.missing",
                "\(names) \(missing.count == 1 ? "is" : "are") not installed",
                notes: [
                    "programs are looked for in \(Tool.folders.joined(separator: ", ")), whatever PATH says"
                ],
                fix: Fix(installation)
            )
        ]
    }
}

extension ToolsCheck {
    init(reading host: PreflightHost) async {
        missing = host.request.backend.tools.filter { !host.isInstalled($0) }
        installation = await host.installation(of: host.request.backend.package)
    }
}

extension PreflightRequest.Backend {
    /// What the backend runs.
    var tools: [String] {
        switch self {
        case .nftables: ["nft"]
        case .iptables(let variant):
            ["iptables", "ip6tables"].flatMap { family in
                ["restore", "save"].map { "\(family)-\(variant.rawValue)-\($0)" }
            }
        }
    }

    var package: SoftwarePackage {
        switch self {
        case .nftables: .nftables
        case .iptables(.nft): .iptablesNft
        case .iptables(.legacy): .iptablesLegacy
        }
    }
}
