import Kernel

extension PreflightHost {
    /// Whether systemd starts a service at boot: some unit wants it, and it is not masked (systemctl(1), "enable",
    /// "mask").
    func isEnabled(_ service: String) async -> Bool {
        let folder = "/etc/systemd/system"
        guard await files.link(at: "\(folder)/\(service).service") != "/dev/null" else { return false }
        for wanting in await files.names(in: folder) where wanting.hasSuffix(".wants") {
            if await files.names(in: "\(folder)/\(wanting)").contains("\(service).service") { return true }
        }
        return false
    }

    /// Whether processes of a service run: it then has a control group, in either hierarchy (cgroups(7)).
    func isRunning(_ service: String) async -> Bool {
        for hierarchy in ["/sys/fs/cgroup", "/sys/fs/cgroup/systemd"] {
            if await files.exists("\(hierarchy)/system.slice/\(service).service") { return true }
        }
        return false
    }
}
