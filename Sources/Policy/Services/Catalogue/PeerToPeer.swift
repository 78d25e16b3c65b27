extension ServiceCatalogue {
    /// Networks of equals.
    ///
    /// Ports: the defaults of each project's own documentation; `bittorrent`: the range of BEP 3.
    static let peerToPeer: [Service] = [
        .service(
            "bittorrent",
            [.tcp(range: 6881...6889), .udp(range: 6881...6889)],
            "BitTorrent, the classic ports"
        ),
        .service("transmission", [.tcp(51413), .udp(51413)], "Transmission BitTorrent client, from peers"),
        .service("transmission-web", [.tcp(9091)], "Transmission web interface and RPC"),
        .service("deluge", [.tcp(58846)], "Deluge daemon"),
        .service("ipfs", [.tcp(4001), .udp(4001)], "IPFS between nodes, TCP and QUIC"),
        .service("bitcoin", [.tcp(8333)], "Bitcoin between nodes"),
        .service("bitcoin-rpc", [.tcp(8332)], "Bitcoin node, RPC"),
        .service("lightning", [.tcp(9735)], "Lightning network between nodes"),
        .service("electrum", [.tcp(50001, 50002)], "Electrum servers, plain and TLS"),
        .service("ethereum", [.tcp(30303), .udp(30303)], "Ethereum execution client between nodes"),
        .service(
            "ethereum-beacon",
            [.tcp(9000), .udp(9000, 9001)],
            "Ethereum consensus client, Lighthouse's ports"
        ),
        .service("monero", [.tcp(18080)], "Monero between nodes"),
        .service("litecoin", [.tcp(9333)], "Litecoin between nodes"),
    ]
}
