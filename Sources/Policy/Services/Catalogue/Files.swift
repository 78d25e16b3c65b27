extension ServiceCatalogue {
    /// File transfer, network file systems, block storage and backup.
    ///
    /// Ports: IANA registry of service names and ports; for storage systems and backup the defaults of each
    /// project's own documentation.
    static let files: [Service] = [
        .service("ftp", [.tcp(21)], "File transfer, the control connection only"),
        .service("ftps", [.tcp(990)], "File transfer over TLS, the control connection only"),
        .service("tftp", [.udp(69)], "Trivial file transfer, the request only"),
        .service("nfs", [.tcp(2049)], "Network file system, version 4 needs nothing else"),
        .service(
            "rpcbind",
            aliases: ["portmapper"],
            [.tcp(111), .udp(111)],
            "RPC port mapper, for NFS version 3"
        ),
        .service("mountd", [.tcp(20048), .udp(20048)], "NFS version 3 mounts"),
        .service("samba", [.tcp(139, 445), .udp(137, 138)], "Windows file sharing with NetBIOS"),
        .service("smb", [.tcp(445)], "Windows file sharing without NetBIOS"),
        .service("afp", [.tcp(548)], "Apple file sharing"),
        .service("rsync", [.tcp(873)], "Rsync daemon"),
        .service("iscsi", [.tcp(3260)], "SCSI disks over TCP"),
        .service("nbd", [.tcp(10809)], "Network block device"),
        .service("drbd", [.tcp(range: 7788...7799)], "DRBD replicated disks, the usual ports"),
        .service("minio", [.tcp(9000)], "MinIO object storage"),
        .service("minio-console", [.tcp(9001)], "MinIO web console, at its usual port"),
        .service("ceph-monitor", [.tcp(3300, 6789)], "Ceph monitors"),
        .service("ceph-osd", [.tcp(range: 6800...7568)], "Ceph storage, manager and metadata daemons"),
        .service("ceph-dashboard", [.tcp(8443)], "Ceph web interface"),
        .service("glusterfs", [.tcp(24007, 24008)], "GlusterFS management: bricks have ports of their own"),
        .service("hdfs", [.tcp(8020, 9870)], "Hadoop file system, name node: RPC and web"),
        .service("seafile", [.tcp(8082)], "Seafile file server"),
        .service("syncthing", [.tcp(22000), .udp(22000)], "Syncthing between devices, TCP and QUIC"),
        .service("syncthing-discovery", [.udp(21027)], "Syncthing finding devices on the local network"),
        .service("syncthing-gui", [.tcp(8384)], "Syncthing web interface"),
        .service(
            "bacula",
            [.tcp(range: 9101...9103)],
            "Bacula and Bareos backup: director, file and storage daemon"
        ),
        .service("amanda", [.tcp(10080), .udp(10080)], "Amanda backup"),
        .service(
            "urbackup",
            [.tcp(range: 55413...55415)],
            "UrBackup server: FastCGI, web and internet clients"
        ),
        .service("restic-server", [.tcp(8000)], "REST server for restic backups"),
        .service("kopia", [.tcp(51515)], "Kopia repository server"),
        .service("proxmox-backup", [.tcp(8007)], "Proxmox Backup Server"),
    ]
}
