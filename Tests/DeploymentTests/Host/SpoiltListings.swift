import Foundation
import Kernel
import Testing

/// Tools whose listings can be made to fail, to grow without an end, or never to end, for the commands of one host. What
/// changes the kernel works all the while.
struct SpoiltListings: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case fail, grow, hang
    }

    let mounts: PrivateMounts
    private let folder: String

    /// The programs, and whether one file has many names and is told its name first.
    private static let tools = [
        ("/usr/sbin/nft", false), ("/usr/sbin/ipset", false), ("/usr/sbin/xtables-nft-multi", true),
        ("/usr/sbin/xtables-legacy-multi", true),
    ]

    /// A host with such tools.
    static func host() async throws -> (TestHost, SpoiltListings)? {
        let folder = try TestHost.makeFolder()
        guard let mounts = try await PrivateMounts.make(by: mounting(in: folder), in: folder) else {
            return nil
        }
        let network = try await TestNetwork.make(links: [.init(name: "eth0", number: 1)])
        return (
            TestHost(network, folder: folder, mounts: mounts), SpoiltListings(mounts: mounts, folder: folder)
        )
    }

    func spoil(_ kind: Kind) throws {
        try "\(kind)".write(toFile: "\(folder)/spoilt", atomically: true, encoding: .utf8)
    }

    func mend() throws { try FileManager.default.removeItem(atPath: "\(folder)/spoilt") }

    private static func mounting(in folder: String) -> String {
        var lines = [
            "mkdir '\(folder)/usr'", "mount --bind /usr '\(folder)/usr'",
            "[ ! -d /run/systemd/system ] || mount -t tmpfs tmpfs /run/systemd",
        ]
        for (path, hasManyNames) in tools {
            let spy = "\(folder)/spy-\((path as NSString).lastPathComponent)"
            let tool = "\(folder)\(path)\(hasManyNames ? " \"$name\"" : "")"
            lines += ["cat >'\(spy)' <<'END'", script(tool, in: folder), "END", "chmod 755 '\(spy)'"]
            lines.append("[ ! -e \(path) ] || mount --bind '\(spy)' \(path)")
        }
        return lines.joined(separator: "\n")
    }

    private static func script(_ tool: String, in folder: String) -> String {
        """
        #!/bin/sh
        name=${0##*/}
        kind=
        [ ! -e '\(folder)/spoilt' ] || read -r kind <'\(folder)/spoilt'
        case "$name $*" in
        *-save*|'ipset list'*|'ipset save'*|'nft '*'list '*) ;;
        *) kind= ;;
        esac
        case $kind in
        fail) echo 'it cannot be listed' >&2; exit 1 ;;
        grow) exec yes -- '-A STRANGE -s 192.0.2.1 -j DROP' ;;
        hang) exec sleep 600 ;;
        esac
        exec \(tool) "$@"
        """
    }
}
