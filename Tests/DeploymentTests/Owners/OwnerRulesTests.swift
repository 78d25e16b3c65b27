import Foundation
import Testing

@testable import Deployment

/// Each owner's real rules, and a person's among them.
@Suite struct OwnerRulesTests {
    private static let owners = RuleOwner.leftOut(everyone: false)

    @Test(arguments: OwnerRules.madeAnew)
    func whatAnOwnerMakesAnewIsLeftOut(_ rules: OwnerRules) throws {
        let (isEmpty, leftOut) = try Self.saved(rules)
        #expect(isEmpty)
        #expect(leftOut.owners.map(\.name).contains(rules.owner))
    }

    @Test func everyOwnerIsTried() {
        let tried = Set(OwnerRules.madeAnew.map(\.owner))
        #expect(tried == Set(RuleOwner.others.map(\.name)))
    }

    /// Not one rule of a person's goes, wherever it stands between those of an owner's.
    @Test(arguments: OwnerRules.madeAnew.filter { $0.file.contains(".v") && !$0.file.hasPrefix("csf") })
    func aPersonsRulesBesideThemStay(_ rules: OwnerRules) throws {
        let own = [
            "-A INPUT -p tcp -m tcp --dport 22 -m comment --comment \"my -j DOCKER own\" -j ACCEPT",
            "-A INPUT -s 192.0.2.0/24 -i eth0 -j DROP", "-A FORWARD -i eth1 -o eth0 -j ACCEPT",
            "-A INPUT -m comment --comment -j -j LOG --log-prefix \"-j ufw-before-input \"",
            "-A OUTPUT -d 192.0.2.9/32 -m policy --dir out --pol ipsec -j ACCEPT",
        ]
        var random = SystemRandomNumberGenerator()
        for _ in 1...20 {
            var lines = try rules.text().split(separator: "\n").map(String.init)
            guard let start = lines.firstIndex(of: "*filter"),
                let end = lines[start...].firstIndex(of: "COMMIT"),
                let first = lines[start..<end].firstIndex(where: { $0.hasPrefix("-A ") })
            else { return }
            var places = own.map { _ in Int.random(in: first...end, using: &random) }.sorted()
            while let place = places.popLast() { lines.insert(own[places.count], at: place) }
            let saved = IptablesSave(lines.joined(separator: "\n"), without: Self.owners)
            #expect(saved.text.split(separator: "\n").filter { $0.hasPrefix("-A ") }.map(String.init) == own)
        }
    }

    /// The jump and the empty chain, the rule and the empty set: without them no ban has an effect after a boot.
    @Test func whatNobodyMakesAnewStays() throws {
        let chain = IptablesSave(try OwnerRules.text("sshguard.v4"), without: Self.owners)
        #expect(chain.text.contains(":sshguard - [0:0]\n-A INPUT -j sshguard\nCOMMIT"))
        #expect(chain.leftOut.lines == ["sshguard: 2 rules; it \(RuleOwner.Renewal.bans.rawValue)"])
        for (name, bans) in [("sshguard-ipset", 1), ("crowdsec-filled", 2)] {
            let rules = IptablesSave(try OwnerRules.text("\(name).v4"), without: Self.owners)
            #expect(rules.leftOut.isEmpty && rules.text.contains("-j DROP"))
            let sets = IpsetSave(try OwnerRules.text("\(name).ipset"), without: Self.owners)
            #expect(sets.text.contains("create ") && !sets.text.contains("add "))
            #expect(sets.leftOut.lines.first?.contains(": \(bans) element") == true)
        }
        let table = NftablesSave(
            OwnerRules.tables(try OwnerRules.text("crowdsec-filled.nft")),
            without: Self.owners
        )
        #expect(
            table.text.contains("ip saddr @crowdsec-blacklists drop") && !table.text.contains("203.0.113")
        )
        #expect(table.text.contains("flags timeout"))
        #expect(table.leftOut.lines.first?.hasPrefix("CrowdSec: 3 elements") == true)
    }

    /// In a table of a person's: the chains that it fills stay, what it filled in does not.
    @Test func aChainOfNftablesThatSomebodyFillsStaysEmpty() throws {
        let saved = NftablesSave(
            OwnerRules.tables(try OwnerRules.text("miniupnpd.nft")),
            without: Self.owners
        )
        for line in [
            "jump miniupnpd", "iifname \"lan0\" accept", "chain prerouting_miniupnpd {", "policy drop",
        ] {
            #expect(saved.text.contains(line), "\(line)")
        }
        #expect(!saved.text.contains("10.9.0.20"))
        #expect(saved.leftOut.lines.first?.hasPrefix("miniupnpd: 2 rules") == true)
    }

    /// A policy that shuts a chain in which nothing is left, or that its owner shut.
    @Test(
        arguments: [
            ("DROP", "-A INPUT -j ufw-before-input\n", "ACCEPT"),
            ("DROP", "-A INPUT -j ufw-before-input\n-A INPUT -s 192.0.2.1/32 -j DROP\n", "ACCEPT"),
            ("DROP", "-A INPUT -j ts-input\n", "ACCEPT"),
            ("DROP", "-A INPUT -j WALLWRIGHT-INPUT\n", "ACCEPT"),
            ("DROP", "-A INPUT -j ts-input\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n", "DROP"),
            ("DROP", "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n", "DROP"), ("DROP", "", "DROP"),
            ("ACCEPT", "-A INPUT -j ts-input\n", "ACCEPT"),
        ]
    )
    func aPolicyWhoseRulesAreLeftOutAccepts(_ policy: String, _ rules: String, _ written: String) {
        let saved = IptablesSave("*filter\n:INPUT \(policy) [0:0]\n\(rules)COMMIT\n", without: Self.owners)
        #expect(saved.text.contains(":INPUT \(written) "))
        #expect(
            saved.leftOut.lines.contains { $0.hasPrefix("the policy of filter INPUT: ") }
                == (policy != written)
        )
    }

    private static func saved(_ rules: OwnerRules) throws -> (isEmpty: Bool, LeftOut) {
        let text = try rules.text()
        if rules.file.hasSuffix(".nft") {
            let saved = NftablesSave(OwnerRules.tables(text), without: owners)
            return (saved.isEmpty, saved.leftOut)
        }
        if rules.file.hasSuffix(".ipset") {
            let saved = IpsetSave(text, without: owners)
            return (saved.isEmpty, saved.leftOut)
        }
        let saved = IptablesSave(text, without: owners)
        return (saved.isEmpty && !saved.text.contains("-A "), saved.leftOut)
    }
}
