import Kernel
import PacketModel
import TestSupport
import Testing

@testable import Deployment

/// Real rules of others, and what tools say of a host, damaged anywhere: all is read to its end.
@Suite struct DamagedListingTests {
    private static let pieces = [
        "-A INPUT -j X", "-A ", ":X - [0:0]\n", "*nat\n", "COMMIT\n", " --comment ", " -j ", " --match-set ",
        "table ",
        "\tchain x {\n", "\t\telements = { ", " vmap @", " dnat to ", "create x hash:net\n", "add x ",
        "WALLWRIGHT-INPUT",
        "f2b-x", "DOCKER", " dport ", " { ", " }",
    ]

    private static func texts(_ suffix: String) throws -> [String] {
        // Beginnings, that damage meets all that is in them.
        try Set(OwnerRules.madeAnew.map(\.file)).filter { $0.hasSuffix(suffix) }.sorted().map {
            try String(OwnerRules.text($0).prefix(3_000))
        }
    }

    @Test(arguments: [".v4", ".ipset"]) func rulesOfIptablesAreReadToTheirEnd(_ suffix: String) throws {
        let owners = RuleOwner.leftOut(everyone: false)
        for text in try DamagedTexts.byChance(Self.texts(suffix), Self.pieces, 700) {
            _ = IptablesSave(text, without: owners).isEmpty
            _ = IpsetSave(text, without: owners).isEmpty
            let chains = IptablesChains(text).chains
            for chain in chains {
                let live = chain.rules.map {
                    ChainEdit.Standing(text: $0.text, isKept: $0.text.hasSuffix("T"))
                }
                _ = ChainEdit(from: live, to: chain.rules.reversed()).isEmpty
            }
            _ = SavedSets(text).names
            for line in text.split(separator: "\n") {
                let words = QuotedWords.split(line)
                _ = VisibleRule(iptables: words, in: "ip filter", owner: nil)
                _ = RuleWords(words)
            }
        }
    }

    @Test func rulesOfNftablesAreReadToTheirEnd() throws {
        let owners = RuleOwner.leftOut(everyone: false)
        for text in try DamagedTexts.byChance(Self.texts(".nft"), Self.pieces, 700) {
            for rule in NftListing(text).rules {
                _ = VisibleRule(nftables: rule.text, in: rule.table, chain: rule.chain, owner: nil)
            }
            let tables = OwnerRules.tables(text)
            _ = NftablesSave(tables, without: owners).isEmpty
            for table in tables { _ = BootableTable(table).text }
            _ = NftElements.split(text)
        }
    }

    @Test func complaintsOfToolsAreReadToTheirEnd() {
        let complaints = [
            "/dev/stdin:3:12-20: Error: syntax error\ntable x\n      ^^\n",
            "iptables-nft-restore v1.8.9 (nf_tables): \nline 3: RULE_APPEND failed\nError occurred at line: 4\nTry `x'\n",
            "ipset v7.17: Error in line 2: Hash is full\n",
        ]
        let file = SavedFiles.File(place: "/etc/iptables/rules.v4", text: "*filter\n-A INPUT\nCOMMIT\n")
        for text in DamagedTexts(of: complaints, pieces: ["line ", "/dev/stdin:"]) {
            _ = LoadFault.ofNft(text)
            _ = LoadFault.ofRestore(text)
            _ = DryLoad.sentence(file, text)
        }
    }

    /// What is asked of a host, each answer and file damaged by itself.
    @Test func aHostIsJudgedWhateverItSays() async throws {
        let answers = [
            "ip -j link show": #"[{"ifname":"lo"},{"ifname":"eth0","xdp":{"prog":{"name":"f"}}}]"#,
            "ip -j -d link show":
                #"[{"ifname":"br0","linkinfo":{"info_kind":"bridge","info_data":{"nf_call_iptables":1}}},{"ifname":"a","master":"br0"}]"#,
            "tc -j qdisc show": #"[{"kind":"clsact","dev":"eth0"},{"kind":"noqueue","dev":"lo"}]"#,
            "tc -j -batch -": #"[{"kind":"bpf","options":{"bpf_name":"f"}}]"# + "\n[]\n",
            "iptables-nft-save": try String(OwnerRules.text("fail2ban.v4").prefix(1_500)),
            "nft --stateless --terse list ruleset": try String(
                OwnerRules.text("firewalld.nft").prefix(1_500)
            ),
            "ipset list -name": "f2b-sshd\ncrowdsec-blacklists\n",
            "ipset list -terse f2b-sshd": "Name: f2b-sshd\nNumber of entries: 9223372036854775807\n",
            "ipset list -terse crowdsec-blacklists": "Name: c\nNumber of entries: 7\n",
        ]
        let files = [
            "/proc/self/status": "Uid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\n",
            "/etc/ufw/ufw.conf": "ENABLED=yes\n",
            "/proc/sys/net/netfilter/nf_conntrack_max": "262144\n",
            "/proc/sys/net/netfilter/nf_conntrack_count": "7\n",
            "/proc/sys/net/bridge/bridge-nf-call-iptables": "1\n",
            "/proc/1/environ": "HOME=/\0container=lxc\0",
            "/etc/os-release": "ID=debian\nID_LIKE=\"a b\"\n", "/etc/csf/csf.conf": "TESTING = \"1\"\n",
            "/proc/sys/kernel/osrelease": "6.12.30-amd64\n", "/etc/default/grub": "x",
            "/lib/modules/6.12.30-amd64/modules.dep": "kernel/net/nft_limit.ko.xz: kernel/x.ko\n",
            "/etc/nftables.conf": "flush ruleset\ninclude \"/etc/x/*.nft\"\n",
            "/proc/sys/net/ipv6/conf/all/disable_ipv6": "0\n", "/proc/sys/net/ipv4/ip_forward": "1\n",
        ]
        var sample = try PreflightSample()
        for (question, answer) in answers { sample.answers[question] = .success(answer) }
        for (path, text) in files { try sample.write(path, text) }
        for (question, answer) in answers.sorted(by: { $0.key < $1.key }) {
            for text in DamagedTexts.byChance([answer], Self.pieces, 3) {
                sample.answers[question] = .success(text)
                await judge(sample)
            }
            sample.answers[question] = .success(answer)
        }
        for (path, whole) in files.sorted(by: { $0.key < $1.key }) {
            for text in DamagedTexts.byChance([whole], [], 2) {
                try sample.write(path, text)
                await judge(sample)
            }
            try sample.write(path, whole)
        }
    }

    private func judge(_ sample: PreflightSample) async {
        let host = sample.host()
        _ = await Preflight.diagnostics(of: host)
        _ = Openings(await VisibleRules(reading: host), comparing: nil).all
    }
}
