import Kernel

/// A service of systemd in a root, by its unit file (systemd.unit(5), "UNIT FILE LOAD PATH").
struct SystemdService: Sendable {
    let name: String
    private let path: String
    private let lines: [Substring]

    private static let folders = ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"]

    /// Nil for one that the root has not got, or that is masked (systemctl(1), "mask").
    init?(_ name: String, in root: RootFolder) {
        if root.files.link(at: "\(Self.folders[0])/\(name).service") == "/dev/null" { return nil }
        for folder in Self.folders {
            let path = "\(folder)/\(name).service"
            guard let text = root.files.text(of: path), !text.isEmpty else { continue }
            self.name = name
            self.path = path
            lines = text.split(separator: "\n")
            return
        }
        return nil
    }

    /// The last value of a key.
    func value(_ key: String) -> String? {
        lines.last { $0.hasPrefix("\(key)=") }.map { String($0.dropFirst(key.count + 1)) }
    }

    /// What `systemctl enable` makes, unless some unit wants the service already.
    func enablement(in root: RootFolder) -> [PersistedPart] {
        let folder = "/etc/systemd/system"
        let wanting = root.files.names(in: folder).filter { $0.hasSuffix(".wants") }
        let others = wanting.filter { root.files.link(at: "\(folder)/\($0)/\(name).service") != path }
        if others.contains(where: { root.files.link(at: "\(folder)/\($0)/\(name).service") != nil }) {
            return []
        }
        let target = value("WantedBy")?.split(separator: " ").first.map(String.init) ?? "multi-user.target"
        return [.link(path: "\(folder)/\(target).wants/\(name).service", target: path)]
    }

    /// Whether some unit wants a service of this name, or an instance of it where the name ends with `@`.
    static func isWanted(_ name: String, in root: RootFolder) -> Bool {
        let folder = "/etc/systemd/system"
        if root.files.link(at: "\(folder)/\(name).service") == "/dev/null" { return false }
        let folders = root.files.names(in: folder).filter {
            $0.hasSuffix(".wants") || $0.hasSuffix(".requires")
        }
        return folders.contains { wanting in
            root.files.names(in: "\(folder)/\(wanting)").contains { unit in
                name.last == "@"
                    ? unit.hasPrefix(name) : unit == "\(name).service" || unit == "\(name).socket"
            }
        }
    }

    /// Why no unit is started; nil where units are. An image is not asked what runs in it, this host is (sd_booted(3)).
    static func idleness(in root: RootFolder) -> String? {
        root.isHost && !root.files.exists("/run/systemd/system") ? "systemd does not run here" : nil
    }

    static func isSystemd(_ root: RootFolder) -> Bool {
        ["/usr/lib/systemd/systemd", "/lib/systemd/systemd"].contains { root.files.exists($0) }
    }
}
