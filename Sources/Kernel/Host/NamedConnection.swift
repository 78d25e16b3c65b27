import PacketModel

/// What `SSH_CONNECTION` says: the client's address and port, then the server's.
struct NamedConnection {
    private var remote: IPAddress
    private var remotePort: UInt16
    private var local: IPAddress
    private var localPort: UInt16

    init?(_ text: String) {
        let words = text.split(separator: " ")
        // A link-local address has its interface behind it (RFC 4007 section 11).
        let addresses = words.map { IPAddress($0.prefix { $0 != "%" })?.withoutMapping }
        guard words.count == 4, let remote = addresses[0], let remotePort = UInt16(words[1]),
            let local = addresses[2], let localPort = UInt16(words[3])
        else { return nil }
        self.remote = remote
        self.remotePort = remotePort
        self.local = local
        self.localPort = localPort
    }

    func isOf(_ entry: SocketEntry) -> Bool {
        entry.remote == remote && entry.remotePort == remotePort && entry.local == local
            && entry.localPort == localPort
    }
}
