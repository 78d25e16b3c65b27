extension ServiceCatalogue {
    /// Printers, devices on the local network and what desktops share.
    ///
    /// Ports: IANA registry of service names and ports; for `kde-connect`, `localsend`, `warpinator`,
    /// `sunshine`, `steam-*`, `dropbox-lan`, `synergy` and `jetdirect` the defaults of each project's own
    /// documentation.
    static let desktop: [Service] = [
        .service("ipp", aliases: ["cups"], [.tcp(631)], "Printing, CUPS"),
        .service("jetdirect", [.tcp(9100)], "Raw printing"),
        .service("lpd", [.tcp(515)], "Line printer daemon"),
        .service("sane", [.tcp(6566)], "Scanners over the network"),
        .service("ws-discovery", [.tcp(5357), .udp(3702)], "Discovery of printers and Windows hosts"),
        .service(
            "kde-connect",
            aliases: ["gsconnect"],
            [.tcp(range: 1714...1764), .udp(range: 1714...1764)],
            "KDE Connect and GSConnect with telephones"
        ),
        .service("localsend", [.tcp(53317), .udp(53317)], "LocalSend file transfer"),
        .service("warpinator", [.tcp(42000, 42001), .udp(42000)], "Warpinator file transfer"),
        .service("dropbox-lan", [.tcp(17500), .udp(17500)], "Dropbox on the local network"),
        .service(
            "synergy",
            aliases: ["barrier", "deskflow"],
            [.tcp(24800)],
            "One keyboard and mouse for several machines"
        ),
        .service(
            "steam-remote-play",
            [.tcp(27036, 27037), .udp(range: 27031...27036)],
            "Steam games on another screen"
        ),
        .service(
            "sunshine",
            [.tcp(47984, 47989, 48010), .udp(range: 47998...48000)],
            "Sunshine game streaming to Moonlight"
        ),
        .service("pulseaudio", [.tcp(4713)], "PulseAudio and PipeWire over the network"),
        .service("usbip", [.tcp(3240)], "USB devices over the network"),
        .service("obs-websocket", [.tcp(4455)], "OBS Studio remote control"),
    ]
}
