/// The units as packages ship them. No boot calls them until `wallwright enable` has linked them.
package enum ShippedUnits {
    /// Where units of packages are (systemd.unit(5), "UNIT FILE LOAD PATH").
    static let folder = "/usr/lib/systemd/system"
    static let header = "# Shipped, and called by no boot before wallwright enable.\n"

    /// Their texts by their names, for a package that installs this program.
    package static func texts(program: String) -> [String: String] {
        let setting = PersistenceSetting(
            root: RootFolder("/"),
            program: program,
            state: StateFolder.defaultPath,
            confirmed: nil
        )
        return [
            SystemdUnits.boot: header + SystemdUnits.bootUnit(setting),
            SystemdUnits.rescue: header + SystemdUnits.rescueUnit(setting),
            SystemdUnits.watch: header + SystemdUnits.watchUnit(setting),
        ]
    }
}
