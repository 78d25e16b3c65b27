/// Units of our own (systemd.service(5)).
struct SystemdWay: PersistenceWay {
    let name = "systemd"
    let title = "units of Wallwright's own"

    func lack(in root: RootFolder) -> String? {
        SystemdService.isSystemd(root) ? nil : "there is no systemd"
    }

    func parts(for setting: PersistenceSetting) -> [PersistedPart] {
        let unit = "\(SystemdUnits.folder)/\(SystemdUnits.boot)"
        return [
            .file(path: unit, text: SystemdUnits.bootUnit(setting), mode: 0o644),
            .link(path: "\(SystemdUnits.folder)/sysinit.target.wants/\(SystemdUnits.boot)", target: unit),
        ] + SystemdUnits.watchParts(setting)
    }
}
