import Compiler
import Kernel

/// The units of Wallwright, which see and may do no more than they need (systemd.exec(5), "SANDBOXING").
enum SystemdUnits {
    static let boot = "wallwright.service"
    static let watch = "wallwright-watch.service"
    static let rescue = "wallwright-rescue.service"
    static let folder = "/etc/systemd/system"
    private static let header = "# Made by wallwright enable; wallwright disable takes it away.\n"

    /// Loads the firewall before there is a network (systemd.special(7), "network-pre.target"), and after those who
    /// empty tables when they start.
    ///
    /// A boot that did not end well is made once more, for it may have loaded one family of two, and without the sandbox
    /// (`+`, systemd.service(5), "COMMAND LINES"), for that may be what kept it: a disk that cannot be written, modules
    /// that are not loaded. So it is over before the network comes. Where not even this is started, because a file
    /// system is missing say, there is ``rescueUnit(_:)``.
    static func bootUnit(_ setting: PersistenceSetting) -> String {
        // iptables-legacy would load these two by itself, which a service without modules may not.
        let modules =
            setting.confirmed?.backend == .iptablesLegacy
            ? "modprobe@ip_tables.service modprobe@ip6_tables.service" : ""
        return """
            [Unit]
            Description=Wallwright firewall
            DefaultDependencies=no
            Wants=\(["network-pre.target", modules].filter { !$0.isEmpty }.joined(separator: " "))
            Before=network-pre.target shutdown.target
            Conflicts=shutdown.target
            After=\((["local-fs.target systemd-modules-load.service", modules].filter { !$0.isEmpty }).joined(separator: " "))
            After=\(rivals.map { "\($0).service" }.joined(separator: " "))
            RequiresMountsFor=\(setting.state) \(setting.program)
            OnFailure=\(rescue)

            [Service]
            Type=oneshot
            RemainAfterExit=yes
            ExecStart=\(setting.boot) --without-watch
            ExecStopPost=+\(setting.boot) --without-watch --if-failed
            TimeoutSec=\(patience)
            IPAddressDeny=any
            \(sandbox(setting))

            [Install]
            WantedBy=sysinit.target

            """
    }

    /// Longer than a boot may take that waits for two tools that hang, in seconds.
    private static let patience = 900

    /// Loads the firewall when the other unit did not, with nothing around it that could fail.
    static func rescueUnit(_ setting: PersistenceSetting) -> String {
        """
        [Unit]
        Description=Wallwright firewall, loaded without a sandbox
        DefaultDependencies=no
        Before=network-pre.target shutdown.target
        Conflicts=shutdown.target

        [Service]
        Type=oneshot
        ExecStart=\(setting.boot) --without-watch
        TimeoutStartSec=\(patience)

        """
    }

    /// Puts back what others take away. It ends well when there is nothing to watch, or when the watch that an apply
    /// started is at work. It may speak IP, for it asks for the DNS names of the policy.
    static func watchUnit(_ setting: PersistenceSetting) -> String {
        """
        [Unit]
        Description=Wallwright watch
        After=\(boot) netfilter-persistent.service
        RequiresMountsFor=\(setting.state) \(setting.program)

        [Service]
        ExecStart=\(setting.program) watch --worker --state \(setting.state)
        Restart=on-failure
        RestartSec=1
        OOMScoreAdjust=-1000
        TimeoutStopSec=90
        \(sandbox(setting))

        [Install]
        WantedBy=multi-user.target

        """
    }

    /// The unit of the boot, enabled, and the one that it calls when it fails.
    static func bootParts(_ setting: PersistenceSetting) -> [PersistedPart] {
        parts(boot, bootUnit(setting), wantedBy: "sysinit.target", setting)
            + parts(rescue, rescueUnit(setting), wantedBy: nil, setting)
    }

    /// The watch, enabled.
    static func watchParts(_ setting: PersistenceSetting) -> [PersistedPart] {
        parts(watch, watchUnit(setting), wantedBy: "multi-user.target", setting)
    }

    /// A unit that a package shipped serves where it is the very one that is needed; elsewhere one of our own.
    private static func parts(
        _ name: String,
        _ text: String,
        wantedBy target: String?,
        _ setting: PersistenceSetting
    ) -> [PersistedPart] {
        let own = "\(folder)/\(name)"
        let files = setting.root.files
        let shipped = "\(ShippedUnits.folder)/\(name)"
        let isShipped = !files.exists(own) && files.text(of: shipped) == ShippedUnits.header + text
        let links = target.map { target in
            PersistedPart.link(path: "\(folder)/\(target).wants/\(name)", target: isShipped ? shipped : own)
        }
        let unit = isShipped ? nil : PersistedPart.file(path: own, text: header + text, mode: 0o644)
        return [unit, links].compactMap(\.self)
    }

    private static let rivals = [
        "nftables", "ipset", "iptables", "ip6tables", "netfilter-persistent", "ufw",
    ]

    /// CAP_SYS_ADMIN is for the namespace in which a ruleset is loaded to see how this kernel lists it; CAP_NET_RAW for
    /// the socket of iptables-legacy, as is `/run` for its lock; CAP_SYS_PTRACE to find the namespaces of others, whose
    /// changes must not be taken for lost. The threads that serve Swift's tasks ask for a `nice` value of -4, and the journal
    /// has a complaint of each that does not get it.
    ///
    /// Nothing here needs a disk that can be written: there is no `PrivateTmp=`, for which systemd makes folders, and a
    /// state that is missing is passed over.
    private static func sandbox(_ setting: PersistenceSetting) -> String {
        """
        CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_RAW CAP_SYS_ADMIN CAP_SYS_PTRACE
        LimitNICE=-4
        NoNewPrivileges=yes
        UMask=0077
        ProtectSystem=strict
        ReadWritePaths=-\(setting.state) /run
        ProtectHome=yes
        PrivateDevices=yes
        ProtectClock=yes
        ProtectControlGroups=yes
        ProtectHostname=yes
        ProtectKernelLogs=yes
        ProtectKernelModules=yes
        ProtectKernelTunables=yes
        LockPersonality=yes
        MemoryDenyWriteExecute=yes
        RestrictRealtime=yes
        RestrictSUIDSGID=yes
        RestrictNamespaces=net
        RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_INET AF_INET6
        KeyringMode=private
        SystemCallArchitectures=native
        SystemCallFilter=@system-service
        SystemCallFilter=~@clock @cpu-emulation @debug @keyring @module @mount @obsolete @raw-io @reboot @swap
        SystemCallErrorNumber=EPERM
        """
    }
}
