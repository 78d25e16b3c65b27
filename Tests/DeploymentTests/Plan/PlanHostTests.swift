import Kernel
import PacketModel
import Testing

/// The text of a plan, word for word: what the host would feel.
@Suite struct PlanHostTests {
    @Test(arguments: [
        PlanCase(
            name: "listeners and connections",
            old: "inbound: [{allow: any}]\noutbound: [{allow: any}]",
            new:
                "inbound: [{allow: ssh, from: 192.0.2.0/24}, {allow: mysql}, {allow: http}, {deny: http}]\noutbound: [{allow: dns}]",
            listeners: PlanCase.listeners,
            connections: PlanCase.liveConnections,
            text: """
                closes   inbound   http from anywhere: denied                        policy.yaml:2
                closes   inbound   ssh from anywhere but 192.0.2.0/24                was policy.yaml:2
                closes   inbound   everything but ssh, http and mysql from anywhere  was policy.yaml:2
                closes   outbound  everything but dns to anywhere                    was policy.yaml:3
                keeps              0 of 5 lines
                note     inbound   mysql: only loopback is listened on               policy.yaml:2
                warning  inbound   nginx listens on [::]:80, and nobody could reach it
                                   line 2 shuts it: deny http
                warning  inbound   something listens on 192.0.2.80:514 (udp), and nobody could reach it
                                   to open it, write under inbound:  - allow: syslog
                warning  inbound   postgres listens on 0.0.0.0:5432 and [::]:5432, and nobody could reach it
                                   to open it, write under inbound:  - allow: postgresql
                warning  outbound  nothing admits ntp, http and https: the clock goes wrong and updates cannot be fetched
                                   to open it, write under outbound:  - allow: [ntp, http, https]
                goes on  inbound   203.0.113.9:51234 -> :22 sshd (this session)  a new one would be refused; keep it with  inbound: - allow: ssh  from: 203.0.113.9
                goes on  inbound   203.0.113.10:51234 -> :5432 postgres  a new one would be refused; keep it with  inbound: - allow: postgresql  from: 203.0.113.10
                goes on  outbound  :42222 -> [2001:db8::7]:5671 worker  a new one would be refused; keep it with  outbound: - allow: amqps  to: 2001:db8::7

                """
        ),
        PlanCase(
            name: "everything is shut",
            old: PlanCase.guide,
            new: "log: {dropped: 5/minute}",
            text: """
                closes   inbound   ssh from anywhere                           was policy.yaml:3
                closes   inbound   http and https from anywhere                was policy.yaml:4
                closes   inbound   mysql from 192.0.2.5                        was policy.yaml:6
                closes   inbound   ping from anywhere                          was policy.yaml:8
                closes   outbound  dns, ntp, http, https and ping to anywhere  was policy.yaml:11
                warning  outbound  nothing admits dns, ntp, http and https: names cannot be looked up, the clock goes wrong and updates cannot be fetched
                                   to open it, write under outbound:  - allow: [dns, ntp, http, https]

                """
        ),
        PlanCase(
            name: "a router, for the first time",
            old: nil,
            new: """
                interfaces: {lan: [eth1, "wg*"], wan: eth0}
                inbound: [{allow: ssh, in: lan}, {deny: any, from: 203.0.113.0/24}, {allow: telnet}, {deny: telnet}]
                outbound: [{allow: any, except: {services: smtp}}, {allow: smtp, user: 104}]
                forward: [{allow: any, in: lan, out: wan}]
                nat: [{masquerade: true, out: wan, from: 192.168.0.0/16}]
                rest: {outbound: reject}
                baseline: {dhcp: false}
                """,
            text: """
                allows   inbound   ssh from anywhere but 203.0.113.0/24 on eth1 and wg*         policy.yaml:3
                allows   outbound  everything but smtp to anywhere                              policy.yaml:4
                allows   outbound  smtp to anywhere by user 104                                 policy.yaml:4
                allows   forward   everything from anywhere in by eth1 and wg* out by eth0      policy.yaml:5
                allows             answers to all of this, and the baseline
                                   loopback, icmp-errors, neighbour-discovery, multicast-listener, dhcpv6
                note     inbound   telnet from anywhere is allowed, and denied altogether       policy.yaml:3
                drops    inbound   everything from 203.0.113.0/24: banned, established connections too  policy.yaml:3
                drops    inbound   telnet from anywhere: denied                                 policy.yaml:3
                drops              everything else is dropped, and rejected outbound, IPv4 and IPv6
                warning            baseline: dhcp is off: this host cannot renew its IPv4 address by DHCP, unless lines allow it
                changes            nat: masquerades everything from 192.168.0.0/16 out by eth0  policy.yaml:6
                note     inbound   ssh: nothing listens for it                                  policy.yaml:3
                note     inbound   telnet: nothing listens for it                               policy.yaml:3

                """
        ),
    ])
    func `the text is as expected`(example: PlanCase) throws {
        try example.check()
    }
}
