import Kernel
import PacketModel
import Testing

/// The text of a plan, word for word: what opens, closes and changes.
@Suite struct PlanTextTests {
    @Test(arguments: [
        PlanCase(
            name: "the guide, for the first time",
            old: nil,
            new: PlanCase.guide,
            listeners: PlanCase.listeners,
            connections: PlanCase.liveConnections,
            text: """
                allows   inbound   ssh from anywhere                                   policy.yaml:3
                allows   inbound   http and https from anywhere: 50/minute per source  policy.yaml:4
                allows   inbound   mysql from 192.0.2.5                                policy.yaml:6
                allows   inbound   ping from anywhere                                  policy.yaml:8
                allows   outbound  dns, ntp, http, https and ping to anywhere          policy.yaml:11
                allows             answers to all of this, and the baseline
                                   loopback, icmp-errors, neighbour-discovery, multicast-listener, dhcp, dhcpv6
                drops              everything else is dropped, IPv4 and IPv6
                note     inbound   https: nothing listens for it                       policy.yaml:4
                note     inbound   mysql: only loopback is listened on                 policy.yaml:6
                warning  inbound   something listens on 192.0.2.80:514 (udp), and nobody could reach it
                                   to open it, write under inbound:  - allow: syslog
                warning  inbound   postgres listens on 0.0.0.0:5432 and [::]:5432, and nobody could reach it
                                   to open it, write under inbound:  - allow: postgresql
                cuts     inbound   203.0.113.10:51234 -> :5432 postgres  would be cut; keep it with  inbound: - allow: postgresql  from: 203.0.113.10
                cuts     outbound  :42222 -> [2001:db8::7]:5671 worker  would be cut; keep it with  outbound: - allow: amqps  to: 2001:db8::7

                """
        ),
        PlanCase(
            name: "nothing changes when only the words do",
            old: PlanCase.guide,
            new: """
                outbound:
                  - allow: ping
                  - allow: [https, http, ntp, dns]
                inbound:
                  - allow: icmp/echo-request
                  - allow: icmpv6/echo-request
                  - allow: tcp/3306
                    from: 192.0.2.0/29
                    except: [192.0.2.0/30, 192.0.2.4, 192.0.2.6/31]
                  - {allow: [tcp/443, tcp/80], limit: 50/minute per source, comment: the web}
                  - allow: tcp/22
                log: {dropped: 5/minute}
                """,
            text: """
                keeps              nothing changes: the 7 lines mean what the live policy means
                note     inbound   mysql: nothing listens for it  policy.yaml:8
                note     inbound   http: nothing listens for it   policy.yaml:11
                note     inbound   https: nothing listens for it  policy.yaml:11
                note     inbound   ssh: nothing listens for it    policy.yaml:12

                """
        ),
        PlanCase(
            name: "a service opens and another closes",
            old: "inbound: [{allow: ssh}, {allow: telnet}]\noutbound: [{allow: any}]",
            new:
                "inbound: [{allow: ssh}, {allow: [tcp/8443, udp/60000-60010], from: [192.0.2.0/24, 198.51.100.7, 203.0.113.0/25]}]\noutbound: [{allow: any}]",
            text: """
                opens    inbound   tcp/8443 and udp/60000-60010 from 3 networks  policy.yaml:2
                closes   inbound   telnet from anywhere                          was policy.yaml:2
                keeps              2 of 3 lines
                note     inbound   ssh: nothing listens for it                   policy.yaml:2
                note     inbound   tcp/8443: nothing listens for it              policy.yaml:2
                note     inbound   udp/60000-60010: nothing listens for it       policy.yaml:2

                """
        ),
        PlanCase(
            name: "a line gets narrower",
            old: "inbound: [{allow: ssh}, {allow: any, in: wg0}]\noutbound: [{allow: any}]",
            new:
                "inbound: [{allow: ssh, from: 192.0.2.0/24}, {allow: any, in: wg0, except: {services: smtp}}]\noutbound: [{allow: [dns, ntp, https]}]",
            text: """
                closes   inbound   ssh from anywhere but 192.0.2.0/24 on every interface but wg0  was policy.yaml:2
                closes   inbound   smtp from anywhere on wg0                                      was policy.yaml:2
                closes   outbound  everything but dns, https and ntp to anywhere                  was policy.yaml:3
                keeps              0 of 3 lines
                note     inbound   ssh: nothing listens for it                                    policy.yaml:2
                note     inbound   smtp: nothing listens for it                                   policy.yaml:2

                """
        ),
        PlanCase(
            name: "bans and denies",
            old: PlanCase.guide,
            new: PlanCase.guide.replacing(
                "  - allow: ping\n\n",
                with:
                    "  - allow: ping\n  - {deny: any, from: [203.0.113.0/24, 198.51.100.7]}\n  - {deny: http, from: 192.0.2.9, reject: true}\n  - {deny: telnet, log: 1/minute}\n\n"
            ),
            text: """
                closes   inbound   ssh, http, https and ping from 198.51.100.7 and 203.0.113.0/24: banned, established connections too  policy.yaml:9
                closes   inbound   http from 192.0.2.9: denied with an answer    policy.yaml:10
                changes  inbound   telnet from anywhere but 198.51.100.7 and 203.0.113.0/24: denied now; nothing admitted it before  policy.yaml:11
                changes  inbound   log: `deny telnet` is logged at 1/minute now  policy.yaml:11
                keeps              5 of 8 lines
                note     inbound   ssh: nothing listens for it                   policy.yaml:3
                note     inbound   http: nothing listens for it                  policy.yaml:4
                note     inbound   https: nothing listens for it                 policy.yaml:4
                note     inbound   mysql: nothing listens for it                 policy.yaml:6

                """
        ),
        PlanCase(
            name: "a ban is lifted",
            old: "inbound: [{allow: ssh}, {deny: any, from: 192.0.2.0/24}]\noutbound: [{allow: any}]",
            new: "inbound: [{allow: ssh}]\noutbound: [{allow: any}]",
            text: """
                opens    inbound   ssh from 192.0.2.0/24: no longer banned  was policy.yaml:2
                keeps              2 of 2 lines
                note     inbound   ssh: nothing listens for it              policy.yaml:2

                """
        ),
        PlanCase(
            name: "limits",
            old:
                "inbound: [{allow: ssh}, {allow: [http, https], limit: 5/minute}, {allow: smtp, limit: 9/second}]\noutbound: [{allow: any}]",
            new:
                "inbound: [{allow: ssh, limit: 5/minute burst 9 per source}, {allow: http, limit: 5/minute}, {allow: https, limit: 5/minute}, {allow: smtp}]\noutbound: [{allow: any}]",
            text: """
                changes  inbound   ssh from anywhere: 5/minute burst 9 per source now, was without a limit  policy.yaml:2
                changes  inbound   smtp from anywhere: without a limit now, was 9/second  policy.yaml:2
                changes  inbound   http from anywhere: 5/minute as before, but counted on its own now  policy.yaml:2
                changes  inbound   https from anywhere: 5/minute as before, but counted on its own now  policy.yaml:2
                keeps              1 of 5 lines
                note     inbound   ssh: nothing listens for it                            policy.yaml:2
                note     inbound   http: nothing listens for it                           policy.yaml:2
                note     inbound   https: nothing listens for it                          policy.yaml:2
                note     inbound   smtp: nothing listens for it                           policy.yaml:2

                """
        ),
    ])
    func `the text is as expected`(example: PlanCase) throws {
        try example.check()
    }
}
