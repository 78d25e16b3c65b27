import Compiler
import Diagnostics
import Kernel

/// Where the modules of the running kernel come from, and so what is to be typed where one is missing.
struct KernelSurroundings: Hashable, Sendable {
    /// The release of the running kernel.
    var release: String
    /// `/lib/modules` has other kernels, and this one no more: it was updated and not yet booted.
    var isReplaced: Bool
    var isContainer: Bool
    /// The modules that could be loaded; nil where no list of them is to be seen.
    var loadable: Set<String>?

    init(
        release: String = "",
        isReplaced: Bool = false,
        isContainer: Bool = false,
        loadable: Set<String>? = nil
    ) {
        self.release = release
        self.isReplaced = isReplaced
        self.isContainer = isContainer
        self.loadable = loadable
    }

    init(reading host: PreflightHost) async {
        let running = await host.files.text(of: "/proc/sys/kernel/osrelease") ?? ""
        release = String(running.prefix { $0 != "\n" })
        let kernels = await host.files.names(in: "/lib/modules")
        isReplaced = !kernels.isEmpty && !kernels.contains(release)
        isContainer = await host.containerEngine() != nil
        // `kernel/net/netfilter/nft_limit.ko.xz: kernel/…` (modules.dep(5))
        let listed = await host.files.text(of: "/lib/modules/\(release)/modules.dep") ?? ""
        let names = listed.split(separator: "\n").compactMap { line in
            line.prefix { $0 != ":" }.split(separator: "/").last?.split(separator: ".").first
        }
        loadable = names.isEmpty ? nil : Set(names.map { String($0).replacing("-", with: "_") })
    }

    var notes: [String] {
        if isContainer { return ["a container has the kernel of its host, which loads the modules"] }
        if isReplaced { return ["the modules of the running kernel, \(release), are gone from /lib/modules"] }
        return []
    }

    /// What is to be done where these modules are missing.
    func fix(loading modules: [String], on backend: PreflightRequest.Backend) -> Fix {
        let loading = "run `modprobe -a \(modules.joined(separator: " "))`"
        let other = "write `backend: \(backend == .nftables ? "iptables" : "nftables")`"
        if isContainer { return "\(loading) on the host of the container" }
        if isReplaced { return "boot the installed kernel: `reboot`" }
        if let loadable, !loadable.isSuperset(of: modules) {
            return "boot a kernel that has them (this one was built without), or \(other)"
        }
        return "\(loading), or \(other)"
    }

    /// What is said of a firewall that the kernel or the tools do not take; `missing` are the modules that it needs and
    /// that are not there.
    func refusal(on backend: BackendKind, missing: [String], because reason: String) -> Diagnostic {
        guard missing.isEmpty else {
            return Diagnostic(
                code: "preflight.module.missing",
                "this kernel lacks what the rules need: \(missing.joined(separator: ", "))",
                notes: [reason] + notes,
                fix: fix(loading: missing, on: PreflightRequest.Backend(backend))
            )
        }
        let other = backend == .nftables ? "iptables" : "nftables"
        return Diagnostic(
            code: "preflight.rules.refused",
            "\(backend.rawValue) does not take the rules that this policy makes here",
            notes: [reason],
            fix: "write `backend: \(other)`, or update the tools; and please report it with the policy"
        )
    }
}
