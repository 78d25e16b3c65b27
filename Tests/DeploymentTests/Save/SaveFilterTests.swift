import Testing

@testable import Deployment

/// What of a save file is a person's, and what is others'.
@Suite struct SaveFilterTests {
    private func iptables(_ rules: String) -> IptablesSave {
        IptablesSave(
            "*filter\n:INPUT ACCEPT [3:180]\n\(rules)COMMIT\n",
            without: RuleOwner.leftOut(everyone: false)
        )
    }

    @Test(
        arguments: [
            ("-A INPUT -j WALLWRIGHT-INPUT\n", "Wallwright"), ("-A INPUT -j WALLWRIGHT_BANS\n", "Wallwright"),
            ("-A FORWARD -j DOCKER-USER\n", "Docker"), ("-A FORWARD -j DOCKER-FORWARD\n", "Docker"),
            ("-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n", "Docker"),
            ("-A FORWARD -i br-4ae1b6c2a7d0 ! -o br-4ae1b6c2a7d0 -j ACCEPT\n", "Docker"),
            ("-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE\n", "Docker"),
            (
                "-A POSTROUTING -s 172.17.0.2/32 -d 172.17.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE\n",
                "Docker"
            ),
            ("-A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd\n", "fail2ban"),
            ("-A INPUT -m set --match-set f2b-nginx src -j REJECT\n", "fail2ban"),
            ("-A INPUT -m comment --comment \"kubernetes health check\" -j KUBE-NODEPORTS\n", "kube-proxy"),
            ("-A POSTROUTING -m comment --comment \"name: podman\" -j CNI-0a\n", "CNI"),
            ("-A FORWARD -j LIBVIRT_FWX\n", "libvirt"), ("-A INPUT -j ts-input\n", "Tailscale"),
            ("-A INPUT -j ufw-before-input\n", "ufw"), ("-A FORWARD -j cali-FORWARD\n", "Calico"),
        ]
    )
    func aRuleOfOthersIsLeftOut(_ rule: String, _ owner: String) {
        let saved = iptables(rule)
        #expect(saved.text == "*filter\n:INPUT ACCEPT [3:180]\nCOMMIT\n")
        #expect(saved.leftOut.lines.count == 1)
        #expect(saved.leftOut.lines.first?.hasPrefix("\(owner): 1 rule; it ") == true)
    }

    @Test(
        arguments: [
            "-A INPUT -i docker0 -p tcp -m tcp --dport 5432 -j ACCEPT\n",
            "-A FORWARD -i docker0 -o eth0 -j DROP\n",
            "-A FORWARD -i br-lan ! -o br-lan -j ACCEPT\n",
            "-A POSTROUTING -s 10.9.0.0/16 ! -o eth1 -j MASQUERADE\n",
            "-A INPUT -m comment --comment \"-j DOCKER-USER\" -j ACCEPT\n",
            "-A INPUT -m set --match-set mine src -j DROP\n", "-A DOCKERS -j DROP\n",
        ]
    )
    func aRuleOfAPersonIsSaved(_ rule: String) {
        let saved = iptables(rule)
        #expect(saved.text.contains(rule))
        #expect(saved.leftOut.isEmpty)
    }

    /// Docker makes the chain and the jump to it; what is in it is the administrator's.
    @Test func theChainForPeopleIsSavedWhenTheyUseIt() {
        let chain = ":DOCKER-USER - [0:0]\n"
        let end = "-A DOCKER-USER -j RETURN\n"
        let unused = iptables("\(chain)-A FORWARD -j DOCKER-USER\n\(end)")
        #expect(unused.text == "*filter\n:INPUT ACCEPT [3:180]\nCOMMIT\n")
        let used = iptables(
            "\(chain)-A FORWARD -j DOCKER-USER\n-A DOCKER-USER -s 192.0.2.66/32 -j DROP\n\(end)"
        )
        #expect(
            used.text
                == "*filter\n:INPUT ACCEPT [3:180]\n\(chain)-A DOCKER-USER -s 192.0.2.66/32 -j DROP\n\(end)COMMIT\n"
        )
    }

    @Test func setsOfOthersAreLeftOutAndWhatNamesThem() {
        let saved = IpsetSave(
            "create f2b-a hash:ip\nadd f2b-a 192.0.2.1\ncreate mine hash:net\nadd mine 192.0.2.0/24\n"
                + "create all list:set size 8\nadd all f2b-a\nadd all mine\n",
            without: RuleOwner.leftOut(everyone: false)
        )
        #expect(
            saved.text
                == "create mine hash:net\nadd mine 192.0.2.0/24\ncreate all list:set size 8\nadd all mine\n"
        )
        #expect(saved.leftOut.lines.first?.hasPrefix("fail2ban: 1 set; it makes its bans again") == true)
    }

    @Test func everyoneIsEveryoneButWallwright() {
        let rules = "-A INPUT -j f2b-sshd\n-A INPUT -j WALLWRIGHT-INPUT\n"
        let saved = IptablesSave("*filter\n\(rules)COMMIT\n", without: RuleOwner.leftOut(everyone: true))
        #expect(saved.text == "*filter\n-A INPUT -j f2b-sshd\nCOMMIT\n")
    }
}
