extension ServiceCatalogue {
    /// Shells, screens and administration from afar.
    ///
    /// Ports: IANA registry of service names and ports; `vnc`: RFC 6143 section 7 (5900 plus the display);
    /// for panels and desktop tools the defaults of each project's own documentation.
    static let remote: [Service] = [
        .service("ssh", [.tcp(22)], "Secure shell, SFTP and SCP"),
        .service("mosh", [.udp(range: 60000...61000)], "Mobile shell: its start needs ssh too"),
        .service("telnet", [.tcp(23)], "Remote login in the clear"),
        .service("telnets", [.tcp(992)], "Remote login, Telnet over TLS"),
        .service("vnc", [.tcp(range: 5900...5909)], "VNC screens, displays 0 to 9"),
        .service("rdp", aliases: ["xrdp"], [.tcp(3389), .udp(3389)], "Remote Desktop, TCP and UDP"),
        .service("x11", [.tcp(range: 6000...6063)], "X Window System, in the clear"),
        .service("xdmcp", [.udp(177)], "X display manager control"),
        .service("nomachine", [.tcp(4000), .udp(4000)], "NoMachine remote desktop"),
        .service(
            "rustdesk",
            [.tcp(range: 21115...21119), .udp(21116)],
            "RustDesk server: rendezvous and relay"
        ),
        .service("teamviewer", [.tcp(5938), .udp(5938)], "TeamViewer remote desktop"),
        .service("anydesk", [.tcp(7070)], "AnyDesk direct connections"),
        .service("guacd", [.tcp(4822)], "Apache Guacamole proxy daemon"),
        .service("cockpit", [.tcp(9090)], "Cockpit web administration"),
        .service("webmin", [.tcp(10000)], "Webmin and Virtualmin web administration"),
        .service("usermin", [.tcp(20000)], "Usermin webmail and settings"),
        .service("cpanel", [.tcp(2082, 2083)], "cPanel, plain and TLS"),
        .service("whm", [.tcp(2086, 2087)], "WebHost Manager, plain and TLS"),
        .service("directadmin", [.tcp(2222)], "DirectAdmin panel"),
        .service("plesk", [.tcp(8443, 8880)], "Plesk panel, TLS and plain"),
        .service("proxmox", [.tcp(8006)], "Proxmox VE web interface and API"),
        .service("esxi", [.tcp(902)], "VMware ESXi, remote console and host agent"),
        .service("libvirt-tls", [.tcp(16514)], "Libvirt remote control over TLS"),
        .service("libvirt-migration", [.tcp(range: 49152...49215)], "Libvirt, moving machines between hosts"),
        .service("incus", aliases: ["lxd"], [.tcp(8443)], "Incus and LXD API"),
        .service("winrm", [.tcp(5985, 5986)], "Windows remote management, plain and TLS"),
        .service("ipmi", [.udp(623)], "Board management, RMCP and RMCP+"),
        .service("wake-on-lan", [.udp(9)], "Magic packets that wake a machine"),
        .service("salt", [.tcp(4505, 4506)], "Salt master"),
        .service("puppet", [.tcp(8140)], "Puppet server"),
        .service(
            "teleport",
            [.tcp(range: 3022...3025), .tcp(3080)],
            "Teleport access: SSH, tunnel, authentication, web"
        ),
        .service("ttyd", [.tcp(7681)], "Terminal in a web page"),
    ]
}
