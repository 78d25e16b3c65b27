import Kernel

/// What to install where a program is missing; distributions name it differently.
struct SoftwarePackage: Hashable, Sendable {
    var debian: String
    var fedora: String

    static let nftables = SoftwarePackage(debian: "nftables", fedora: "nftables")
    static let iptablesNft = SoftwarePackage(debian: "iptables", fedora: "iptables-nft")
    static let iptablesLegacy = SoftwarePackage(debian: "iptables", fedora: "iptables-legacy")

    static let utilLinux = SoftwarePackage(debian: "util-linux", fedora: "util-linux")

    /// The package of `ip`, or of `tc`.
    static func iproute(_ program: String) -> SoftwarePackage {
        SoftwarePackage(debian: "iproute2", fedora: program == "tc" ? "iproute-tc" : "iproute")
    }

    /// The command, by what os-release(5) says of the host; both where it says nothing of either.
    func installation(_ osRelease: String) -> String {
        let release = Assignments(osRelease)
        let names = [release["ID"], release["ID_LIKE"]].compactMap(\.self)
            .flatMap { $0.split(separator: " ") }
        let (apt, dnf) = ("`apt install \(debian)`", "`dnf install \(fedora)`")
        if names.contains(where: { $0 == "debian" || $0 == "ubuntu" }) { return "run \(apt)" }
        if names.contains(where: { $0 == "fedora" || $0 == "rhel" }) { return "run \(dnf)" }
        return "run \(apt) on Debian and Ubuntu, \(dnf) on Fedora and its like"
    }
}

extension PreflightHost {
    func installation(of package: SoftwarePackage) async -> String {
        package.installation(await files.text(of: "/etc/os-release") ?? "")
    }
}
