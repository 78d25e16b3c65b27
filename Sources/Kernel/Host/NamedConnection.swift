import Glibc
import PacketModel

/// What `SSH_CONNECTION` says: the client's address and port, then the server's.
struct NamedConnection {
    let ends: SocketEnds

    init?(_ text: String) {
        let words = text.split(separator: " ")
        // A link-local address has its interface behind it (RFC 4007 section 11).
        let addresses = words.map { IPAddress($0.prefix { $0 != "%" })?.withoutMapping }
        guard words.count == 4, let remote = addresses[0], let remotePort = UInt16(words[1]),
            let local = addresses[2], let localPort = UInt16(words[3])
        else { return nil }
        let zones = [words[0], words[2]].compactMap { word in
            word.firstIndex(of: "%").map { String(word[word.index(after: $0)...]) }
        }
        ends = SocketEnds(
            local: local,
            localPort: localPort,
            remote: remote,
            remotePort: remotePort,
            interface: zones.first.map { unsafe if_nametoindex($0) } ?? 0
        )
    }

    func isOf(_ entry: SocketEntry) -> Bool { entry.isBetween(ends) }
}
