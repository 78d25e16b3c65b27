import Foundation
import Kernel
import SystemPackage
import Testing

@testable import Deployment

extension PersistentHost {
    /// What became of a boot: nothing but the disk is as it was.
    struct Boot: Sendable {
        let namespace: NetworkNamespace
        let output: String

        func digest() async throws -> String { try await HostFirewall(in: namespace).listing().digest }
    }

    /// Runs a command in a network namespace that is new, with the root as `/`: over the programs of this machine lies
    /// what the root has of its own.
    func boot(_ command: String) async throws -> Boot {
        let namespace = try await NetworkNamespace.make()
        return Boot(namespace: namespace, output: try await run(command, in: namespace))
    }

    func run(_ command: String, in namespace: NetworkNamespace) async throws -> String {
        let script = """
            set -e
            for name in usr etc; do
                mkdir -p '\(folder)/scratch'/$name
                mount -t overlay overlay \
                    -o "lowerdir=/$name,upperdir=\(root)/$name,workdir=\(folder)/scratch/$name" '\(root)'/$name
            done
            mount -t proc proc '\(root)/proc'
            mount --rbind /dev '\(root)/dev'
            mount --rbind /sys '\(root)/sys'
            mount -t tmpfs tmpfs '\(root)/run'
            mount --bind /opt '\(root)/opt'
            mount --bind '\(TestHost.program)' '\(root)\(Self.program)'
            exec chroot '\(root)' /bin/sh -c "$1"
            """
        return try await Tool(named: "unshare").run(
            ["--mount", "--pid", "--fork", "--kill-child", "/bin/sh", "-c", script, "boot", command],
            text: "",
            in: namespace
        )
    }

    /// The value of a key in a unit.
    func unit(_ name: String, _ key: String) throws -> String {
        let lines = try text("/etc/systemd/system/\(name)").split(separator: "\n")
        let line = try #require(lines.last { $0.hasPrefix("\(key)=") })
        return String(line.dropFirst(key.count + 1))
    }
}
