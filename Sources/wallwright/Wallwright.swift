import ArgumentParser
import Diagnostics
import PacketModel
import Policy
import Netfilter
import Nftables
@main struct Wallwright: ParsableCommand {
    func run() throws {
        func o(_ n: Int, _ t: String) -> Origin { Origin(line: n, range: .start, title: t) }
        let src = SourceFile(name: "guide.yaml", text: "")
        let a = IPAddress("192.0.2.5")!
        let s1 = AddressSet(Prefix(of: a, length: 32)!)
        let s2 = AddressSet(Prefix(of: a, length: 24)!, Prefix(of: IPAddress("2001:db8::")!, length: 32)!)
        let lim = Limit(rate: Rate(50, per: .minute)!, key: .source(ipv6PrefixLength: 64))
        let ping = ServiceSet(.icmp, IntervalSet([Interval(0x800, 0x8ff)!])).union(
            ServiceSet(.icmpv6, IntervalSet([Interval(0x8000, 0x80ff)!]))
        )
        let ssh = ServiceSet(.tcp, [22])
        let web = ServiceSet(.tcp, [80, 443])
        let dns = ServiceSet(.tcp, [53]).union(ServiceSet(.udp, [53]))
        var guide = Policy(
            source: src,
            lines: [
                PolicyLine(direction: .inbound, action: .allow, services: ssh, origin: o(5, "allow ssh")),
                PolicyLine(
                    direction: .inbound,
                    action: .allow,
                    services: web,
                    limit: lim,
                    origin: o(6, "allow http, https")
                ),
                PolicyLine(
                    direction: .inbound,
                    action: .allow,
                    services: ServiceSet(.tcp, [3306]),
                    source: s1,
                    origin: o(8, "allow mysql")
                ),
                PolicyLine(direction: .inbound, action: .allow, services: ping, origin: o(10, "allow ping")),
                PolicyLine(
                    direction: .outbound,
                    action: .allow,
                    services: dns.union(ServiceSet(.udp, [123])).union(web).union(ping),
                    origin: o(13, "allow dns, ntp")
                ),
            ],
            log: LogSettings(dropped: Rate(5, per: .minute))
        )
        print(NftablesPrinter.print(try NftablesLowering.lower(guide)))
        guide.lines += [
            PolicyLine(
                direction: .inbound,
                action: .deny,
                services: .any,
                source: s2,
                origin: o(15, "deny any")
            ),
            PolicyLine(
                direction: .inbound,
                action: .deny,
                services: ServiceSet(.udp, IntervalSet([Interval(32768, 60999)!])),
                source: s2,
                rejects: true,
                origin: o(16, "deny udp")
            ),
            PolicyLine(
                direction: .inbound,
                action: .deny,
                services: ServiceSet(.udp, IntervalSet([Interval(32768, 60999)!])),
                origin: o(26, "deny udp")
            ),
            PolicyLine(
                direction: .inbound,
                action: .allow,
                services: ping,
                limit: lim,
                origin: o(18, "allow ping")
            ),
            PolicyLine(
                direction: .inbound,
                action: .allow,
                services: web,
                source: s2,
                inputInterfaces: [InterfacePattern("eth*")!],
                limit: Limit(rate: Rate(5, per: .second)!),
                log: Rate(1, per: .second),
                origin: o(19, "allow web")
            ),
            PolicyLine(
                direction: .outbound,
                action: .allow,
                services: ServiceSet(.tcp, IntervalSet([Interval(1000, 2000)!])),
                destination: s2,
                users: [1000],
                origin: o(20, "allow smtp")
            ),
            PolicyLine(
                direction: .forward,
                action: .allow,
                services: .any,
                inputInterfaces: [InterfacePattern("lan0")!],
                outputInterfaces: [InterfacePattern("wan0")!],
                origin: o(21, "allow any")
            ),
            PolicyLine(
                direction: .forward,
                action: .allow,
                services: .any,
                source: s1,
                inputInterfaces: [InterfacePattern("lan0")!],
                outputInterfaces: [InterfacePattern("wan0")!],
                log: Rate(1, per: .second),
                origin: o(22, "allow any")
            ),
            PolicyLine(
                direction: .inbound,
                action: .allow,
                services: ServiceSet(.icmp, IntervalSet([Interval(0x304, 0x8ff)!])),
                source: s2,
                origin: o(23, "allow icmp")
            ),
            PolicyLine(
                direction: .inbound,
                action: .allow,
                services: ServiceSet(IPProtocol(number: 112)),
                origin: o(24, "allow protocol/112")
            ),
        ]
        guide.management = .obligation(.init(from: s1))
        guide.containers = Containers(
            allowsOutbound: true,
            published: [.init(services: ServiceSet(.tcp, [8080]), source: s2, origin: o(30, "publish 8080"))],
            origin: o(29, "containers")
        )
        guide.nat = [
            TranslationLine(
                action: .masquerade,
                services: .any,
                outputInterfaces: [InterfacePattern("wan0")!],
                origin: o(31, "masquerade")
            ),
            TranslationLine(action: .redirect(port: 8080), services: web, origin: o(32, "redirect")),
            TranslationLine(
                action: .portForward(a, port: 80),
                services: web,
                inputInterfaces: [InterfacePattern("wan0")!],
                origin: o(33, "port-forward")
            ),
        ]
        guide.rest = [.inbound: .reject, .forward: .reject]
        guide.log.destination = .group(7)
        print("#####")
        print(NftablesPrinter.print(try NftablesLowering.lower(guide)))
    }
}
