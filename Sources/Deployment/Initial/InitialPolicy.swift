package import Kernel
package import PacketModel

/// A first policy for a host: SSH gets in, what a host usually needs gets out, and what listens besides is offered line
/// by line, to be uncommented by a person.
package struct InitialPolicy: Sendable {
    /// The TCP ports of SSH; none stands for port 22.
    package var sshPorts: [UInt16]
    package var listeners: [Listener]
    /// The bridges of containers and virtual machines that are there.
    package var bridges: [String]
    /// Where the person who asks for the policy is logged in from.
    package var session: IPAddress?
    /// Protocols without ports that programs speak.
    package var raw: [RawListener]
    /// Ports that rules of others send elsewhere.
    package var translations: [PortTranslation]
    /// By which interfaces packets come and go; nil where it is not known.
    package var ways: WaysOfHost?

    package init(
        sshPorts: [UInt16],
        listeners: [Listener],
        bridges: [String] = [],
        session: IPAddress? = nil,
        raw: [RawListener] = [],
        translations: [PortTranslation] = [],
        ways: WaysOfHost? = nil
    ) {
        self.sshPorts = sshPorts.isEmpty ? [SSHDaemon.standardPort] : sshPorts
        self.listeners = listeners
        self.bridges = bridges
        self.session = session
        self.raw = raw
        self.translations = translations
        self.ways = ways
    }

    /// The policy; the same facts, in whatever order, give the same text.
    package var text: String {
        ([header, inbound, outbound, containers, management, baseline, log] as [[String]])
            .filter { !$0.isEmpty }
            .map { $0.joined(separator: "\n") + "\n" }
            .joined(separator: "\n")
    }

    private var header: [String] {
        [
            "# The firewall of this host. What is not allowed here is dropped, over IPv4 and IPv6.",
            "#",
            "# What to do next:",
            "#   1. Read this file. Take the # away from the lines that others must reach.",
            "#   2. wallwright plan     shows what would change, and changes nothing.",
            "#   3. wallwright apply    changes it, and changes it back by itself unless you confirm from a new login.",
            "wallwright: 1",
        ]
    }

    private var inbound: [String] {
        let offers = offers + rawOffers
        let width = offers.map(\.service.count).max() ?? 0
        let lines = offers.map { offer in
            let padding = String(repeating: " ", count: width - offer.service.count)
            return "  # - allow: \(offer.service)\(padding)  # \(offer.remark)"
        }
        let introduction =
            lines.isEmpty
            ? ["  # Nothing else listens on this host now."]
            : [
                "  # What else listens on this host, and is shut as long as its line begins with #.",
                "  # To let only some in, write under a line:    from: 192.0.2.0/24",
            ]
        return ["inbound:", "  - allow: \(ssh)"] + introduction + lines
    }

    private var ssh: String {
        let names = Set(sshPorts).sorted().map { $0 == SSHDaemon.standardPort ? "ssh" : "tcp/\($0)" }
        return names.count == 1 ? names[0] : "[\(names.joined(separator: ", "))]"
    }

    private var outbound: [String] {
        [
            "outbound:",
            "  # Names, time, and the web: what updates need.",
            "  - allow: [dns, ntp, http, https, ping]",
        ] + rawOffers.map { "  # - allow: \($0.service)  # \($0.remark)" }
    }

    private var containers: [String] {
        guard !bridges.isEmpty else { return [] }
        let names = Set(bridges).sorted().map(Self.plain).joined(separator: ", ")
        let lines = [
            "# Containers or virtual machines are here: \(names).",
            "# They reach out as before; from outside only the ports under `published` are reachable.",
            "containers:",
            "  outbound: allow",
        ]
        let published = publishedPorts
        guard !published.isEmpty else { return lines }
        return lines + [
            "  # What they publish now. Take the # away, and out of the list what nobody needs.",
            "  # published: [\(published.joined(separator: ", "))]",
        ]
    }

    private var management: [String] {
        guard let session, session.family == .ipv6 || session.value >> 24 != 127, session.value > 1 else {
            return []
        }
        // In YAML an address of IPv6 needs quotes here.
        let address = session.family == .ipv4 ? "\(session)" : "\"\(session)\""
        return [
            "# You are logged in from here. With this line no policy is taken that would shut SSH to that address.",
            "# management: { from: \(address) }",
        ]
    }

    private var baseline: [String] {
        guard let ways, ways.isPlain, let way = ways.defaults.first else { return [] }
        return [
            "# Each network of this host has one interface, and \(Self.plain(way)) leads to the rest. With these lines a source",
            "# whose home is behind one interface does not come in by another; not if answers go other ways than questions.",
            "# baseline:",
            "#   reverse-path: true",
        ]
    }

    private var log: [String] {
        ["log:", "  dropped: 5/minute"]
    }

    /// A text as a comment can hold it: programs choose their names themselves.
    static func plain(_ text: String) -> String {
        let kept = text.unicodeScalars.prefix(40).map { scalar in
            (0x20..<0x7F).contains(scalar.value) ? Character(scalar) : "?"
        }
        return String(kept)
    }
}
