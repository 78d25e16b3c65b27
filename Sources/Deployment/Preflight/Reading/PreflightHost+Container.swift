import Kernel

extension PreflightHost {
    /// What runs this container, in its own word (`docker`, `podman`, `lxc`, `systemd-nspawn`); nil outside of one.
    ///
    /// systemd and most engines give it as `container` to the first process (systemd's Container Interface); Docker
    /// leaves a file.
    func containerEngine() async -> String? {
        if let engine = await files.text(of: "/run/systemd/container")?.split(separator: "\n").first {
            // systemd counts the Linux of Windows among containers.
            return engine == "wsl" ? nil : String(engine)
        }
        let environment = await files.text(of: "/proc/1/environ") ?? ""
        let key = "container="
        if let entry = environment.split(separator: "\0").first(where: { $0.hasPrefix(key) }) {
            return String(entry.dropFirst(key.count))
        }
        if await files.exists("/.dockerenv") { return "docker" }
        return await files.exists("/run/.containerenv") ? "podman" : nil
    }
}
