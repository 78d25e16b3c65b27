extension ServiceCatalogue {
    /// Telephony, voice chat and conferences.
    ///
    /// Ports: IANA registry of service names and ports; for `*-rtp`, `turn-relay`, `teamspeak*`, `mumble`,
    /// `jitsi-videobridge` and `livekit` the defaults of each project's own documentation.
    static let voice: [Service] = [
        .service("sip", [.tcp(5060), .udp(5060)], "Telephony signalling: media needs ports of its own"),
        .service("sips", [.tcp(5061)], "Telephony signalling over TLS"),
        .service("asterisk-rtp", [.udp(range: 10000...20000)], "Asterisk media"),
        .service("freeswitch-rtp", [.udp(range: 16384...32768)], "FreeSWITCH media, BigBlueButton too"),
        .service("iax2", [.udp(4569)], "Telephony between Asterisk servers"),
        .service("h323", [.tcp(1720)], "H.323 call signalling"),
        .service("mgcp", [.udp(2427)], "Media gateway control"),
        .service("stun", [.tcp(3478), .udp(3478)], "Finding one's public address"),
        .service("stuns", [.tcp(5349), .udp(5349)], "Finding one's public address, TLS and DTLS"),
        .service("turn", [.tcp(3478, 5349), .udp(3478, 5349)], "Relay of media, plain and TLS"),
        .service("turn-relay", [.udp(range: 49152...65535)], "Relayed media of a TURN server"),
        .service("teamspeak", [.tcp(30033), .udp(9987)], "TeamSpeak voice and file transfer"),
        .service("teamspeak-query", [.tcp(10011, 10022)], "TeamSpeak server query, plain and SSH"),
        .service("mumble", [.tcp(64738), .udp(64738)], "Mumble voice chat"),
        .service("jitsi-videobridge", [.udp(10000)], "Jitsi Meet media"),
        .service("livekit", [.tcp(7880, 7881), .udp(range: 50000...60000)], "LiveKit signalling and media"),
    ]
}
