import Netlink

/// A unit by which systemd listens for a daemon (systemd.socket(5)).
struct SocketUnit: Hashable, Sendable {
    /// The TCP ports of its `ListenStream=`.
    let ports: [UInt16]
    /// Another unit wants it, so that it is started at boot (systemctl(1), "enable").
    let isEnabled: Bool

    /// Where units are, what comes first wins (systemd.unit(5), "Unit File Load Path"). Ubuntu's OpenSSH writes the
    /// ports of sshd_config(5) to the folder of generators.
    private static let folders = [
        "/etc/systemd/system.control", "/run/systemd/system.control", "/run/systemd/transient",
        "/etc/systemd/system", "/run/systemd/system", "/run/systemd/generator",
        "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system",
    ]

    init(name: String, _ files: HostFiles) throws(SystemError) {
        var texts: [String] = []
        for folder in Self.folders {
            guard let unit = try files.text(of: "\(folder)/\(name)") else { continue }
            // Without a unit its drop-ins say nothing. A masked one is a link to /dev/null, so it is empty.
            if !unit.isEmpty { texts = [unit] + (try Self.dropIns(name, files)) }
            break
        }
        ports = Self.streams(texts).compactMap(Self.port)
        var isEnabled = false
        for folder in Self.folders {
            for wish in try files.names(in: folder)
            where [".wants", ".requires", ".upholds"].contains(where: wish.hasSuffix) {
                if try files.names(in: "\(folder)/\(wish)").contains(name) { isEnabled = true }
            }
        }
        self.isEnabled = isEnabled
    }

    /// The drop-ins by the order of their names; of two with one name that in the first folder counts.
    private static func dropIns(_ name: String, _ files: HostFiles) throws(SystemError) -> [String] {
        var paths: [String: String] = [:]
        for folder in folders.map({ "\($0)/\(name).d" }) {
            for file in try files.names(in: folder) where file.hasSuffix(".conf") && paths[file] == nil {
                paths[file] = "\(folder)/\(file)"
            }
        }
        var texts: [String] = []
        for path in paths.sorted(by: { $0.key < $1.key }).map(\.value) {
            if let text = try files.text(of: path) { texts.append(text) }
        }
        return texts
    }

    /// What `ListenStream=` has in the end: each adds to the list, an empty one clears all that was listened on.
    static func streams(_ texts: [String]) -> [String] {
        var result: [String] = []
        for text in texts {
            var section = ""
            for line in text.split(separator: "\n").map({ $0.trimmed }) {
                if line.hasPrefix("[") { section = String(line) }
                guard section == "[Socket]", let sign = line.firstIndex(of: "=") else { continue }
                let (key, value) = (line[..<sign].trimmed, line[line.index(after: sign)...].trimmed)
                // Any empty `Listen…=` clears them all.
                if value.isEmpty, key.hasPrefix("Listen") { result = [] }
                if !value.isEmpty, key == "ListenStream" { result.append(String(value)) }
            }
        }
        return result
    }

    /// The port of `22`, `192.0.2.1:22`, `[2001:db8::1]:22`; nil for a path, a name, or a socket of virtual machines.
    private static func port(ofStream stream: String) -> UInt16? {
        if let port = UInt16(stream) { return port }
        guard !stream.hasPrefix("/"), !stream.hasPrefix("@"), !stream.hasPrefix("vsock") else { return nil }
        return port(ofAddress: stream[...])
    }

    /// The port of `host:port` or `[v6]:port`; a bare IPv6 address has none.
    static func port(ofAddress text: Substring) -> UInt16? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let host = text[..<colon]
        return host.contains(":") && !host.hasSuffix("]") ? nil : UInt16(text[text.index(after: colon)...])
    }
}

extension Substring {
    /// Without blanks at both ends.
    fileprivate var trimmed: Substring {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" }
        var rest = drop(while: isBlank)
        while rest.last.map(isBlank) ?? false { rest.removeLast() }
        return rest
    }
}
