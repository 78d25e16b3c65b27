import Compiler
import Diagnostics
import Glibc
import Netlink
import SystemPackage
import Testing

@testable import Deployment
@testable import Kernel

/// The checks of what the host can do.
@Suite struct PreflightHostTests {
    private static func status(user: Int, capabilities: String) -> String {
        "Name:\twallwright\nUid:\t1000\t\(user)\t0\t0\nCapInh:\t0000000000000000\nCapEff:\t\(capabilities)\n"
    }

    @Test(
        arguments: [
            (1_000, "0000000000000000", nil, "run it as root: `sudo wallwright …`"),
            (0, "00000000a80425fb", "docker", "start the container with `--cap-add NET_ADMIN`"),
            (0, "00000000a80425fb", "podman", "start the container with `--cap-add NET_ADMIN`"),
            (0, "000001fffffeefff", "lxc", "take `net_admin` out of `lxc.cap.drop`"),
            (0, "00000000fdecafff", "systemd-nspawn", "--private-network"),
            (0, "00000000fdecafff", "rkt", "where rkt starts it"),
            (0, "00000000fdecafff", nil, "CapabilityBoundingSet=CAP_NET_ADMIN"),
        ] as [(Int, String, String?, String)]
    )
    func withoutTheCapabilityThereIsAWayToGetIt(
        user: Int,
        capabilities: String,
        engine: String?,
        fix: String
    ) throws {
        let check = CapabilityCheck(
            status: Self.status(user: user, capabilities: capabilities),
            engine: engine
        )
        let said = try #require(check.diagnostics.first)
        #expect(said.severity == .error)
        #expect(said.code == "preflight.capability.missing")
        #expect(said.fix?.words.contains(fix) == true)
    }

    @Test func theCapabilityAloneIsEnough() {
        let status = Self.status(user: 1_000, capabilities: "0000000000001000")
        #expect(CapabilityCheck(status: status).diagnostics.isEmpty)
        #expect(CapabilityCheck(status: "").diagnostics.isEmpty)
    }

    @Test func eachBackendNeedsWhatItsToolsDo() throws {
        let status = Self.status(user: 0, capabilities: "0000000000001000")
        for backend in [PreflightRequest.Backend.nftables, .iptables(.nft)] {
            #expect(CapabilityCheck(backend: backend, status: status).diagnostics.isEmpty)
        }
        let check = CapabilityCheck(backend: .iptables(.legacy), status: status, engine: "docker")
        let said = try #require(check.diagnostics.first)
        #expect(
            said.message == "iptables-legacy does not start without CAP_NET_RAW, which this process lacks"
        )
        #expect(said.fix == "start the container with `--cap-add NET_RAW`")
        let none = CapabilityCheck(
            backend: .iptables(.legacy),
            status: Self.status(user: 0, capabilities: "0"),
            engine: "docker"
        )
        #expect(
            none.diagnostics.map(\.fix) == [
                "start the container with `--cap-add NET_ADMIN --cap-add NET_RAW`"
            ]
        )
    }

    @Test func rightsInAnotherNamespaceAreNone() {
        let check = CapabilityCheck(
            status: Self.status(user: 0, capabilities: "000001ffffffffff"),
            refusal: SystemError("netlink message 10.1", .notPermitted)
        )
        #expect(check.diagnostics.map(\.code) == ["preflight.capability.foreign"])
    }

    @Test func theGuardNeedsWhatStartsIt() async throws {
        var sample = try PreflightSample()
        sample.missing = ["setsid"]
        let said = await GuardCheck(reading: sample.host()).diagnostics
        #expect(
            said.map(\.message) == ["setsid is not installed, and starts the guard that takes a change back"]
        )
        #expect(said.map(\.fix) == ["run `apt install util-linux`"])
        try sample.write("/run/systemd/system/wallwright.service", "")
        #expect(await GuardCheck(reading: sample.host()).diagnostics.isEmpty)
    }

    /// What `apply` would start is started by `plan` too.
    @Test func aSystemdThatStartsNothingIsSeen() async throws {
        var sample = try PreflightSample()
        try sample.write("/run/systemd/system/wallwright.service", "")
        let words = GuardLauncher.service(running: ["true"])
        sample.answers[words.joined(separator: " ")] = .failure(
            .notRun(program: "systemd-run", reason: "Failed to connect to bus: No such file or directory")
        )
        let said = await Preflight.diagnostics(of: sample.host())
        #expect(said.map(\.code) == ["preflight.guard.refused"])
        #expect(said.hasErrors)
    }

    @Test func withoutTheNumberOfTheBootNothingIsChanged() async throws {
        let sample = try PreflightSample()
        #expect(await KernelFilesCheck(reading: sample.host()).diagnostics.isEmpty)
        try sample.remove("/proc/sys/kernel/random/boot_id")
        let said = await Preflight.diagnostics(of: sample.host())
        #expect(said.map(\.code) == ["preflight.proc.missing"])
    }

    @Test(
        arguments: [
            (KernelSurroundings(), "run `modprobe -a nft_limit`, or write `backend: iptables`"),
            (
                KernelSurroundings(loadable: ["nft_limit", "nft_ct"]),
                "run `modprobe -a nft_limit`, or write `backend: iptables`"
            ),
            (
                KernelSurroundings(loadable: ["nft_ct"]),
                "boot a kernel that has them (this one was built without), or write `backend: iptables`"
            ),
            (KernelSurroundings(isReplaced: true), "boot the installed kernel: `reboot`"),
            (
                KernelSurroundings(isContainer: true),
                "run `modprobe -a nft_limit` on the host of the container"
            ),
        ]
    )
    func aMissingModuleIsNamedWithWhatToType(_ surroundings: KernelSurroundings, fix: String) {
        let said = surroundings.refusal(on: .nftables, missing: ["nft_limit"], because: "nft failed")
        #expect(said.message == "this kernel lacks what the rules need: nft_limit")
        #expect(said.fix?.words == fix)
        #expect(said.notes.first == "nft failed")
        let other = surroundings.refusal(on: .nftables, missing: [], because: "nft failed")
        #expect(other.code == "preflight.rules.refused")
        #expect(other.notes == ["nft failed"])
    }

    @Test func theListOfModulesIsReadWhereTheKernelHasOne() async throws {
        let sample = try PreflightSample()
        try sample.write(
            "/lib/modules/6.12.30-amd64/modules.dep",
            "kernel/net/netfilter/nft_limit.ko.xz: kernel/net/netfilter/nf_tables.ko.xz\n"
                + "kernel/net/netfilter/xt_LOG.ko:\nkernel/net/ipv4/netfilter/ip-set.ko.zst:\n"
        )
        let surroundings = await KernelSurroundings(reading: sample.host())
        #expect(surroundings.loadable == ["nft_limit", "xt_LOG", "ip_set"])
        #expect(!surroundings.isReplaced)
    }

    @Test(
        arguments: [
            ("/run/systemd/container", "lxc\n", "lxc"),
            ("/run/systemd/container", "wsl\n", nil),
            ("/proc/1/environ", "PATH=/bin\0container=podman\0HOME=/\0", "podman"),
            ("/.dockerenv", "", "docker"),
            ("/run/.containerenv", "", "podman"),
            ("/etc/hostname", "container=lxc\n", nil),
        ] as [(String, String, String?)]
    )
    func aContainerSaysWhatRunsIt(path: String, text: String, engine: String?) async throws {
        let sample = try PreflightSample()
        try sample.write(path, text)
        #expect(await sample.host().containerEngine() == engine)
    }

    @Test(
        arguments: [
            ("4.4.0-19041-Microsoft\n", ["preflight.wsl.one"]),
            ("5.15.167.4-microsoft-standard-WSL2\n", ["preflight.wsl.two"]),
            ("4.19.43-microsoft-standard\n", ["preflight.wsl.two"]),
            ("6.6.36-own-Microsoft-WSL2\n", ["preflight.wsl.two"]),
            ("6.8.0-1021-azure\n", []),
            ("", []),
        ]
    )
    func theReleaseTellsLinuxInsideWindows(_ release: String, codes: [String]) {
        let said = WSLCheck(release: release).diagnostics
        #expect(said.map(\.code) == codes)
        #expect(said.hasErrors == (codes == ["preflight.wsl.one"]))
    }

    @Test(
        arguments: [
            (.nftables, ["nft"], "nft is not installed", "run `apt install nftables`"),
            (
                .iptables(.legacy), ["iptables-legacy-save", "ip6tables-legacy-restore"],
                "iptables-legacy-save, ip6tables-legacy-restore are not installed",
                "run `apt install iptables`"
            ),
        ] as [(PreflightRequest.Backend, [String], String, String)]
    )
    func aMissingToolHasAPackage(
        _ backend: PreflightRequest.Backend,
        missing: [String],
        message: String,
        fix: String
    ) async throws {
        var sample = try PreflightSample()
        sample.missing = Set(missing)
        let said = await ToolsCheck(reading: sample.host(backend)).diagnostics
        #expect(said.map(\.message) == [message])
        #expect(said.map(\.fix?.words) == [fix])
        #expect(said.hasErrors)
        // What is missing cannot be refused, too.
        #expect(await KernelSupportCheck(reading: sample.host(backend)).diagnostics.isEmpty)
    }

    @Test(
        arguments: [
            ("ID=ubuntu\nID_LIKE=debian\n", "run `apt install iptables`"),
            ("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", "run `dnf install iptables-nft`"),
            ("ID=fedora\n", "run `dnf install iptables-nft`"),
            (
                "ID=arch\n",
                "run `apt install iptables` on Debian and Ubuntu, `dnf install iptables-nft` on Fedora and its like"
            ),
        ]
    )
    func theDistributionNamesThePackage(_ release: String, fix: String) {
        #expect(SoftwarePackage.iptablesNft.installation(release) == fix)
    }

    @Test(
        arguments: [
            (
                .nftables, "nft --check -f -",
                "modprobe -a nf_tables nf_conntrack`, or write `backend: iptables`"
            ),
            (.iptables(.nft), "iptables-nft-restore --test --noflush", "write `backend: nftables`"),
            (.iptables(.legacy), "iptables-legacy-restore --test --noflush", "modprobe -a iptable_filter"),
        ] as [(PreflightRequest.Backend, String, String)]
    )
    func aKernelThatRefusesIsQuoted(_ backend: PreflightRequest.Backend, run: String, fix: String)
        async throws
    {
        var sample = try PreflightSample()
        let error = ToolError.failed(program: "nft", status: 1, message: "Error: Operation not supported")
        sample.answers[run] = .failure(error)
        let said = try #require(await KernelSupportCheck(reading: sample.host(backend)).diagnostics.first)
        #expect(said.severity == .error)
        #expect(said.notes == ["\(error)"])
        #expect(said.fix?.words.contains(fix) == true)

        try sample.write("/lib/modules/6.12.38-amd64/modules.dep", "")
        let updated = try #require(await KernelSupportCheck(reading: sample.host(backend)).diagnostics.first)
        #expect(updated.fix == "boot the installed kernel: `reboot`")
        try sample.write("/lib/modules/6.12.30-amd64/modules.dep", "")
        let said2 = try #require(await KernelSupportCheck(reading: sample.host(backend)).diagnostics.first)
        #expect(said2.fix == said.fix)

        try sample.write("/run/systemd/container", "lxc\n")
        let guest = try #require(await KernelSupportCheck(reading: sample.host(backend)).diagnostics.first)
        #expect(guest.fix?.words.hasSuffix("on the host of the container") == true)
    }
}
