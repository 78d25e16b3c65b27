extension ServiceCatalogue {
    /// Film, music and pictures, streamed or kept.
    ///
    /// Ports: IANA registry of service names and ports for the protocols; the defaults of each project's
    /// own documentation for the rest.
    static let media: [Service] = [
        .service("rtsp", [.tcp(554), .udp(554)], "Control of streams, cameras mostly"),
        .service("rtmp", [.tcp(1935)], "Live video to a server"),
        .service("icecast", [.tcp(8000)], "Icecast streams"),
        .service("plex", [.tcp(32400)], "Plex media server"),
        .service("plex-discovery", [.udp(range: 32410...32414)], "Plex finding servers on the local network"),
        .service("jellyfin", aliases: ["emby"], [.tcp(8096)], "Jellyfin and Emby media server"),
        .service("jellyfin-tls", [.tcp(8920)], "Jellyfin and Emby media server over TLS"),
        .service("jellyfin-discovery", [.udp(7359)], "Jellyfin finding servers on the local network"),
        .service("dlna", [.tcp(8200), .udp(1900)], "MiniDLNA media server and its discovery"),
        .service("navidrome", [.tcp(4533)], "Navidrome music server"),
        .service("mpd", [.tcp(6600)], "Music player daemon"),
        .service("snapcast", [.tcp(1704, 1705)], "Snapcast synchronous audio: stream and control"),
        .service(
            "lyrion",
            [.tcp(3483, 9000, 9090), .udp(3483)],
            "Lyrion music server: players, web, command line"
        ),
        .service("tvheadend", [.tcp(9981, 9982)], "Tvheadend: web and HTSP"),
        .service("immich", [.tcp(2283)], "Immich photographs"),
        .service("photoprism", [.tcp(2342)], "PhotoPrism photographs"),
        .service("sonarr", [.tcp(8989)], "Sonarr"),
        .service("radarr", [.tcp(7878)], "Radarr"),
    ]
}
