import Foundation
import Kernel
import SystemPackage
import Testing

/// The files of Debian's own packages, fetched once and kept for the next run.
enum DebianPackages {
    static let names = ["netfilter-persistent", "iptables-persistent", "ipset-persistent"]

    /// Where the tree of all of them is.
    static func tree() async throws -> String {
        let folder = "/var/tmp/wallwright-debian-packages"
        let tree = "\(folder)/tree"
        if FileManager.default.fileExists(atPath: tree) { return tree }
        let fresh = "\(folder)-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: "\(fresh)/tree", withIntermediateDirectories: true)
        let script = """
            cd '\(fresh)' && apt-get -qq download \(names.joined(separator: " ")) 2>&1
            for package in *.deb; do dpkg-deb --extract "$package" tree; done
            """
        try await Tool(named: "sh").run(["-ec", script], text: "")
        do {
            try FileManager.default.moveItem(atPath: fresh, toPath: folder)
        } catch {
            // Another test was first.
            try FileManager.default.removeItem(atPath: fresh)
        }
        return tree
    }

    /// Puts the tree into a root.
    static func install(in host: PersistentHost) async throws {
        let tree = try await tree()
        try await Tool(named: "cp").run(["-a", "\(tree)/etc", "\(tree)/usr", host.root])
        try await Tool(named: "cp").run(["-a", "\(tree)/lib/.", "\(host.root)/usr/lib"])
    }
}

extension Trait where Self == ConditionTrait {
    /// Needs Debian's packages, from a mirror; a build machine (`CI=true`) must have them.
    static var needsDebianPackages: Self {
        .enabled("apt cannot fetch netfilter-persistent") {
            if ProcessInfo.processInfo.environment["CI"] == "true" { return true }
            do {
                _ = try await DebianPackages.tree()
                return true
            } catch {
                return false
            }
        }
    }
}
