package import Netlink
import PacketModel
import SystemPackage

/// The connections of TCP that stood at one moment, also those whose handshake was not over or that no program had taken
/// yet. What a session by one of them shows is that the rules from before let it in.
///
/// A connection is known by the cookie of its socket, which it has from its first packet on. Cookies say nothing by their
/// order: each processor hands out its own (sock_gen_cookie, net/core/sock_diag.c).
package struct EarlierConnections: Hashable, Sendable {
    /// By cookies, or where the kernel gives none by ``key(of:)``.
    package private(set) var keys: Set<UInt64>
    /// The keys are cookies.
    package let haveCookies: Bool
    /// There were more than ``most``: all are known to these ports only.
    package private(set) var knownPorts: Set<UInt16>?

    /// How many are kept: others could hold any number of them.
    private static let most = 1 << 18

    package init(keys: Set<UInt64>, haveCookies: Bool, knownPorts: Set<UInt16>?) {
        self.keys = keys
        self.haveCookies = haveCookies
        self.knownPorts = knownPorts
    }

    /// Those of the calling thread's network namespace now. `ports` come before others where there are too many.
    package static func read(
        preferring ports: Set<UInt16>,
        atMost most: Int = most
    ) throws(SystemError) -> EarlierConnections {
        let interfaces = try InterfaceAddresses.read()
        var (preferred, others) = (Set<UInt64>(), Set<UInt64>())
        var haveCookies = true
        var isWhole = (preferred: true, others: true)
        let states = SocketEntry.State.living.union([.synReceived])
        try SocketReader().visit(.tcp, in: states) { entry in
            // What this host says to itself proves nothing at any time.
            guard !entry.remote.isLoopback, interfaces[entry.remote] == nil else { return }
            if entry.cookie == nil { haveCookies = false }
            let key = entry.cookie ?? Self.key(of: SocketEnds(of: entry))
            if ports.contains(entry.localPort) {
                if preferred.count < most { preferred.insert(key) } else { isWhole.preferred = false }
            } else {
                if others.count < most { others.insert(key) } else { isWhole.others = false }
            }
        }
        let known: Set<UInt16>? = isWhole.preferred ? (isWhole.others ? nil : ports) : []
        return EarlierConnections(
            keys: preferred.union(others),
            haveCookies: haveCookies,
            knownPorts: known
        )
    }

    /// What there is to say of the connection of a session.
    package enum Judgement: Hashable, Sendable {
        case isNew
        case isEarlier
        case isUnknown
    }

    package func judge(_ session: LoginSession) -> Judgement {
        guard let connection = session.connection else { return .isUnknown }
        let ends = SocketEnds(
            local: connection.local,
            localPort: connection.localPort,
            remote: connection.remote,
            remotePort: connection.remotePort
        )
        let key = haveCookies ? session.cookie : Self.key(of: ends)
        guard let key else { return .isUnknown }
        if keys.contains(key) { return .isEarlier }
        return knownPorts?.contains(connection.localPort) ?? true ? .isNew : .isUnknown
    }

    /// A number for the two ends (FNV-1a). Two that share it would only refuse a new connection.
    private static func key(of ends: SocketEnds) -> UInt64 {
        let bytes =
            ends.local.bytes + ends.localPort.bytes + ends.remote.bytes + ends.remotePort.bytes
        return bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
