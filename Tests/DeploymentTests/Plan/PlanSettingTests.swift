import Kernel
import PacketModel
import Testing

/// The text of a plan, word for word: what is no line.
@Suite struct PlanSettingTests {
    @Test(arguments: [
        PlanCase(
            name: "parts of the baseline are turned off",
            old: PlanCase.guide,
            new: PlanCase.guide
                + "baseline: {loopback: false, neighbour-discovery: false, dhcp: false, icmp-errors: false, spoofed-loopback: false, helpers: true}",
            listeners: [Listener(.udp, PlanCase.address("0.0.0.0"), port: 68, process: "dhclient")],
            text: """
                opens              baseline: helpers is on now: connections that protocol helpers expect, such as data of FTP, pass without a line
                opens              baseline: spoofed-loopback is off now: loopback addresses from outside are not dropped first, and may reach local services
                closes             baseline: loopback is off now: programs of this host reach each other only where lines allow it
                closes             baseline: icmp-errors is off now: errors about connections are dropped, so that path MTU discovery fails and transfers hang
                closes             baseline: neighbour-discovery is off now: IPv6 stops working on every link, unless lines allow its ICMPv6
                closes             baseline: dhcp is off now: this host cannot renew its IPv4 address by DHCP, unless lines allow it
                changes  inbound   http and https from anywhere on lo: 50/minute per source now, was without a limit
                keeps              5 of 5 lines
                note     inbound   ssh: nothing listens for it    policy.yaml:3
                note     inbound   http: nothing listens for it   policy.yaml:4
                note     inbound   https: nothing listens for it  policy.yaml:4
                note     inbound   mysql: nothing listens for it  policy.yaml:6
                warning  inbound   dhclient listens on 0.0.0.0:68 (udp), and nobody could reach it
                                   to open it, write under inbound:  - allow: dhcp-client

                """
        ),
        PlanCase(
            name: "lines that end",
            old: """
                inbound:
                  - allow: ssh
                  - allow: http
                  - allow: imap
                    until: 2037-01-01
                """,
            new: """
                inbound:
                  - allow: ssh
                  - allow: http
                    until: 2037-02-01
                  - allow: imap
                  - allow: smtp
                    until: 2037-03-01 18:30
                """,
            text: """
                opens    inbound   smtp from anywhere                                               policy.yaml:7
                changes  inbound   allow http: ends on 2037-02-01 00:00 UTC now, had no end         policy.yaml:4
                changes  inbound   allow imap: stays now, would have ended on 2037-01-01 00:00 UTC  policy.yaml:6
                keeps              3 of 4 lines
                note     inbound   allow smtp: ends on 2037-03-01 18:30 UTC                         policy.yaml:7
                note     inbound   ssh: nothing listens for it                                      policy.yaml:3
                note     inbound   http: nothing listens for it                                     policy.yaml:4
                note     inbound   imap: nothing listens for it                                     policy.yaml:6
                note     inbound   smtp: nothing listens for it                                     policy.yaml:7
                warning  outbound  nothing admits dns, ntp, http and https: names cannot be looked up, the clock goes wrong and updates cannot be fetched
                                   to open it, write under outbound:  - allow: [dns, ntp, http, https]

                """
        ),
        PlanCase(
            name: "settings",
            old: PlanCase.guide,
            new: PlanCase.guide.replacing(
                "dropped: 5/minute",
                with: "{dropped: 9/minute, group: 7, prefix: fw}"
            ) + "rest: {inbound: reject}\nbackend: iptables\nmanagement: {ports: 2222, from: 192.0.2.0/24}",
            text: """
                changes  inbound   http and https from 192.0.2.0/24: without a limit now, was 50/minute per source  policy.yaml:17
                changes  inbound   rest: what no line allows is answered with a refusal now
                changes            log: what is dropped is logged at 9/minute now, was logged at 5/minute
                changes            log: messages go to NFLOG group 7 now, was to the kernel log at level info
                changes            log: messages begin with `fw` now, was `wallwright`
                changes            management: what must stay reachable is SSH on tcp/2222 from 192.0.2.0/24 now, was SSH from somewhere  policy.yaml:17
                changes            backend: iptables now, was auto
                keeps              5 of 5 lines
                note     inbound   ssh: nothing listens for it    policy.yaml:3
                note     inbound   http: nothing listens for it   policy.yaml:4
                note     inbound   https: nothing listens for it  policy.yaml:4
                note     inbound   mysql: nothing listens for it  policy.yaml:6

                """
        ),
        PlanCase(
            name: "containers and NAT",
            old: "inbound: [{allow: ssh}]\noutbound: [{allow: any}]",
            new: """
                inbound: [{allow: ssh}]
                outbound: [{allow: any}]
                forward: [{allow: any, in: wg0, out: eth0}, {allow: tcp/8443, in: eth0, to: 192.168.1.10}]
                nat:
                  - {masquerade: true, out: eth0}
                  - {redirect: http, to-port: 8080, in: eth0}
                  - {port-forward: tcp/8443, to: "192.168.1.10:443"}
                containers:
                  outbound: allow
                  published: [tcp/9000, {allow: https, from: 192.0.2.0/24}]
                  bridges: [docker0, "br-*"]
                """,
            text: """
                opens    inbound   tcp/9000 from anywhere (containers: published)                    policy.yaml:11
                opens    inbound   https from 192.0.2.0/24 (containers: published)                   policy.yaml:11
                opens    forward   everything from anywhere in by wg0 out by eth0                    policy.yaml:4
                opens    forward   tcp/8443 from any IPv4 address to 192.168.1.10 in by eth0         policy.yaml:4
                opens    forward   tcp/9000 from anywhere to published ports (containers: published)  policy.yaml:11
                opens    forward   https from 192.0.2.0/24 to published ports (containers: published)  policy.yaml:11
                opens              containers may ask this host for DHCP and DNS                     policy.yaml:10
                opens              containers of one bridge may reach each other                     policy.yaml:10
                opens              containers may start connections to everywhere but other bridges  policy.yaml:10
                changes            nat: masquerades everything from any IPv4 address and fc00::/7 out by eth0  policy.yaml:6
                changes            nat: forwards tcp/8443 from any IPv4 address to 192.168.1.10:443  policy.yaml:8
                changes            nat: redirects http from anywhere in by eth0 to port 8080 of this host  policy.yaml:7
                keeps              2 of 4 lines
                note     inbound   ssh: nothing listens for it                                       policy.yaml:2

                """
        ),
        PlanCase(
            name: "containers lose their way out",
            old: "outbound: [{allow: any}]\ncontainers: {outbound: allow}",
            new: "outbound: [{allow: any}]\ncontainers: {outbound: deny}",
            text: """
                closes             containers may no longer start connections to everywhere but other bridges  was policy.yaml:3
                keeps              1 of 1 line

                """
        ),
    ])
    func `the text is as expected`(example: PlanCase) throws {
        try example.check()
    }
}
