import CKernel
import Glibc
package import Netlink
import SystemPackage

/// By which interfaces packets leave this host and come to it, as far as its routes say.
package struct WaysOfHost: Hashable, Sendable {
    /// What a route leads to: an interface, and its kind where it is made of software.
    package struct Way: Hashable, Sendable {
        package var interface: String
        package var kind: String?

        package init(interface: String, kind: String? = nil) {
            self.interface = interface
            self.kind = kind
        }
    }

    /// Where networks are, the loopback interface left out.
    package var networks: Set<Way> = []
    /// The interfaces of the routes to everywhere, one for each route.
    package var defaults: [String] = []
    /// Whether something else than the destination chooses among routes: rules, or a route with several ways.
    package var isChosen = false

    package init(networks: Set<Way> = [], defaults: [String] = [], isChosen: Bool = false) {
        self.networks = networks
        self.defaults = defaults
        self.isChosen = isChosen
    }

    /// Whether each network has one interface, and one interface leads to all the rest, so that answers go where packets
    /// come from: there a source whose home is elsewhere is forged (RFC 3704 section 2.2). False also for a host with one
    /// interface, to which it says nothing.
    package var isPlain: Bool {
        let usual: Set<String> = ["bridge", "veth", "bond", "vlan", "team", "dummy"]
        return !isChosen && Set(defaults).count == 1 && defaults.count <= 2 && networks.count > 1
            && networks.allSatisfy { $0.kind.map(usual.contains) ?? true }
    }

    /// Reads the routes of the namespace that the calling thread is in.
    package static func read() throws(SystemError) -> WaysOfHost {
        let netlink = try NetlinkSocket(protocol: NETLINK_ROUTE)
        var links: [Int32: NetworkLink] = [:]
        let every = [UInt8](repeating: 0, count: 16)
        for link in try netlink.dump(type: UInt16(RTM_GETLINK), body: every).compactMap({ NetworkLink($0) }) {
            links[link.index] = link
        }
        var ways = WaysOfHost()
        // struct rtmsg, and struct fib_rule_hdr, which is as long.
        let head = [UInt8](repeating: 0, count: 12)
        for route in try netlink.dump(type: UInt16(RTM_GETROUTE), body: head) {
            ways.note(route: route, links)
        }
        for rule in try netlink.dump(type: UInt16(RTM_GETRULE), body: head) { ways.note(rule: rule) }
        return ways
    }

    mutating func note(route message: NetlinkMessage, _ links: [Int32: NetworkLink]) {
        let body = message.body
        // Of the families that hosts speak, and unicast: what is dropped, or is the host's own, leads nowhere.
        guard body.count >= 12, [UInt8(AF_INET), UInt8(AF_INET6)].contains(body[body.startIndex]),
            body[body.startIndex + 7] == Self.unicast
        else { return }
        let parts = NetlinkAttribute.readable(in: body.dropFirst(12))
        if parts.contains(where: { $0.type == UInt16(RTA_MULTIPATH.rawValue) }) { isChosen = true }
        guard
            let index = parts.first(where: { $0.type == UInt16(RTA_OIF.rawValue) })?.hostInteger(Int32.self),
            let link = links[index], link.name != "lo"
        else { return }
        networks.insert(Way(interface: link.name, kind: link.kind))
        if body[body.startIndex + 1] == 0 { defaults.append(link.name) }
    }

    mutating func note(rule message: NetlinkMessage) {
        let parts = NetlinkAttribute.readable(in: message.body.dropFirst(12))
        let priority = parts.first { $0.type == Self.priority }?.hostInteger(UInt32.self) ?? 0
        // The rules that every host has lead to the tables local, main and default (ip-rule(8)).
        if ![0, 32_766, 32_767].contains(priority) { isChosen = true }
    }

    /// RTN_UNICAST (linux/rtnetlink.h), FRA_PRIORITY (linux/fib_rules.h).
    private static let unicast: UInt8 = 1
    private static let priority: UInt16 = 6
}
