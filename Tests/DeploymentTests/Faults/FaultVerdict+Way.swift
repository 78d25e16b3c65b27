import Compiler
import Foundation
import Kernel
import Testing

@testable import Deployment

extension FaultVerdict {
    /// What enabling and disabling leaves on a root: each file is as before or as after, what starts at boot can be
    /// started, and the next command finds its way.
    mutating func look(
        at way: Software,
        of host: FaultHost,
        from before: [String: String],
        _ step: FaultStep
    ) async throws {
        guard let root = host.root else { return }
        if let command = try way.commandAtBoot(of: root) {
            let boot = try await root.boot(command)
            let loaded = firewall(try await boot.digest())
            let known: Set<Firewall> = step.kind == .confirm ? [.old, .new] : [.old, .none]
            expect(known.contains(loaded), "the boot by \(way.rawValue) loads \(loaded)")
        }
        let torn = try root.tree()
        guard step.kind == .enable || step.kind == .disable else { return }
        let other: [String: String]
        if step.kind == .enable {
            try await expectEnd(host.enable(way), "enable again")
            other = try root.tree()
            try await expectEnd(host.disable(), "disable")
            expect(try root.tree() == before, "disable after it does not lead back")
            try await expectEnd(host.enable(way), "enable after that")
        } else {
            try await expectEnd(host.disable(), "disable again")
            other = try root.tree()
            try await expectEnd(host.enable(way), "enable")
            expect(try root.tree() == before, "enable after it does not lead back")
            try await expectEnd(host.disable(), "disable after that")
        }
        expect(try root.tree() == other, "what it leaves is not always the same")
        for (path, content) in torn where !path.hasSuffix(".wallwright-new") {
            expect(content == before[path] || content == other[path], "\(path) is half written")
        }
    }

    private mutating func expectEnd(_ result: CommandResult, _ what: String) {
        expect(result.status == 0, "\(what): \(result)")
    }
}

extension Software {
    /// What loads the firewall when a machine with the root starts; nil where nothing does.
    fileprivate func commandAtBoot(of root: PersistentHost) throws -> String? {
        let file =
            switch self {
            case .systemd: "/etc/systemd/system/sysinit.target.wants/wallwright.service"
            case .openrc: "/etc/runlevels/boot/wallwright"
            case .runit: "/etc/runit/core-services/09-wallwright.sh"
            case .netfilterPersistent: "/usr/share/netfilter-persistent/plugins.d/50-wallwright"
            case .iptablesServices: "/etc/sysconfig/ip6tables"
            case .nftables: "/etc/nftables.conf"
            }
        guard FileManager.default.fileExists(atPath: root.root + file) else { return nil }
        return try RebootTests.command(of: self, root)
    }
}
