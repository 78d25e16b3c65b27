import Compiler
import Foundation
import Policy
import SystemPackage

@testable import Deployment
@testable import Kernel

/// A host made of samples: files in a folder of its own, and what tools say of it.
struct PreflightSample {
    private let files: SampleFolder
    private var folder: String { files.path }
    /// What is said by the words of a run: `nft --stateless --terse list ruleset`.
    var answers: [String: ToolAnswers.Answer] = [:]
    /// The tools that are not there; those that have no answer say nothing.
    var missing: Set<String> = []
    /// Where generations are kept; on this machine.
    var stateFolder: FilePath = "/usr"

    /// A host of its own right: a kernel with IPv6 and connection tracking, root, no other firewall.
    init() throws {
        files = SampleFolder()
        try write("/proc/self/status", "Uid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\n")
        try write("/proc/sys/kernel/random/boot_id", "0c6c1d3e-4a5b-4c6d-8e7f-90a1b2c3d4e5\n")
        try write("/proc/sys/kernel/osrelease", "6.12.30-amd64\n")
        try write("/proc/sys/net/ipv6/conf/all/disable_ipv6", "0\n")
        try write("/proc/thread-self/net/if_inet6", "")
        try write("/etc/os-release", "NAME=\"Debian GNU/Linux\"\nID=debian\n")
        answers = ["ip -j link show": .success("[]"), "tc -j qdisc show": .success("[]")]
        answers["ip -j -d link show"] = .success("[]")
    }

    func write(_ path: String, _ text: String) throws {
        try makeParent(of: path)
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + path))
    }

    func remove(_ path: String) throws {
        try FileManager.default.removeItem(atPath: folder + path)
    }

    /// As `systemctl enable` does.
    func enable(_ service: String) throws {
        let link = "/etc/systemd/system/multi-user.target.wants/\(service).service"
        try makeParent(of: link)
        try FileManager.default.createSymbolicLink(
            atPath: folder + link,
            withDestinationPath: "/usr/lib/systemd/system/\(service).service"
        )
    }

    /// As `systemctl mask` does.
    func mask(_ service: String) throws {
        let link = "/etc/systemd/system/\(service).service"
        try makeParent(of: link)
        try FileManager.default.createSymbolicLink(
            atPath: folder + link,
            withDestinationPath: "/dev/null"
        )
    }

    func host(_ backend: PreflightRequest.Backend = .nftables, policy: Policy? = nil) -> PreflightHost {
        let request = PreflightRequest(
            backend: backend,
            stateFolder: stateFolder,
            root: FilePath(folder),
            policy: policy
        )
        return PreflightHost(request, isInstalled: { !missing.contains($0) }) { question in
            // A host outlives its sample, and so do its files.
            defer { withExtendedLifetime(files) {} }
            if missing.contains(question.program) {
                return .failure(.notFound(program: question.program))
            }
            return answers[([question.program] + question.arguments).joined(separator: " ")] ?? .success("")
        }
    }

    private func makeParent(of path: String) throws {
        let parent = (folder + path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    }
}

extension PreflightRequest.Backend {
    static let all: [Self] = [.nftables, .iptables(.nft), .iptables(.legacy)]
}

/// A folder that goes with the last who needs it.
private final class SampleFolder: Sendable {
    let path = NSTemporaryDirectory() + "wallwright-preflight-\(UUID().uuidString)"

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch {}
    }
}
