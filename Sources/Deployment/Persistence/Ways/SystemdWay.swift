/// Units of our own (systemd.service(5)).
struct SystemdWay: PersistenceWay {
    let name = "systemd"
    let title = "units of Wallwright's own"

    func lack(in root: RootFolder) -> String? {
        SystemdService.isSystemd(root) ? SystemdService.idleness(in: root) : "there is no systemd"
    }

    func parts(for setting: PersistenceSetting) -> [PersistedPart] {
        SystemdUnits.bootParts(setting) + SystemdUnits.watchParts(setting)
    }
}
