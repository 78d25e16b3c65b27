import PacketModel
import Testing

/// A whole file, to try what stands around rules.
struct SaveCase: CustomTestStringConvertible {
    var testDescription: String
    var family = IPFamily.ipv4
    var text: String

    init(_ name: String, _ family: IPFamily, _ text: String) {
        testDescription = name
        self.family = family
        self.text = text
    }

    /// Lines within the table filter, after a chain `own` of the user.
    private static func filter(_ name: String, _ lines: String...) -> SaveCase {
        SaveCase(name, .ipv4, "*filter\n:own - [0:0]\n" + lines.joined(separator: "\n") + "\nCOMMIT\n")
    }

    static let all: [SaveCase] = [
        SaveCase("nothing", .ipv4, ""),
        SaveCase("a table without a command", .ipv4, "*filter\nCOMMIT\n"),
        SaveCase(
            "tables in another order",
            .ipv4,
            "*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n*filter\n-A INPUT\nCOMMIT\n*raw\n:x - [0:0]\nCOMMIT\n*mangle\n-Z\nCOMMIT\n"
        ),
        SaveCase("a table twice", .ipv4, "*filter\n:INPUT DROP [0:0]\nCOMMIT\n*filter\n-A OUTPUT\nCOMMIT\n"),
        SaveCase("no COMMIT", .ipv4, "*filter\n-A INPUT\n"),
        SaveCase("no end of the last line", .ipv4, "*filter\n-A INPUT\nCOMMIT"),
        SaveCase("COMMIT and a blank", .ipv4, "*filter\n-A INPUT\nCOMMIT \n"),
        SaveCase("an unknown table", .ipv4, "*fliter\n-A INPUT\nCOMMIT\n"),
        SaveCase("a rule after COMMIT", .ipv4, "*filter\nCOMMIT\n-A INPUT\n"),
        SaveCase("a table within a table", .ipv4, "*filter\n*nat\nCOMMIT\n"),
        SaveCase("lines that end with CR LF", .ipv4, "*filter\r\n-A INPUT\r\nCOMMIT\r\n"),
        SaveCase(
            "rules for the other family",
            .ipv6,
            "*filter\n-4 -A INPUT -s 1\n-6 -A INPUT -s ::1\nCOMMIT\n"
        ),
        SaveCase("networks of IPv6", .ipv6, "*filter\n-A INPUT -s 1::5/16 -d ::1,::2\n-A INPUT -f\nCOMMIT\n"),
        SaveCase(
            "masks of IPv6",
            .ipv6,
            "*filter\n-A INPUT -s 1:2::/ffff:0:ffff::\n-A INPUT -p icmpv6\nCOMMIT\n"
        ),
        filter("chains are sorted", ":zz - [0:0]", ":aa - [0:0]", ":B - [0:0]", "-A zz -j aa"),
        filter("a chain is known from its line on", "-A INPUT -j later", ":later - [0:0]"),
        filter("a loop that is reached", ":a - [0:0]", "-A own -j a", "-A a -j own", "-A INPUT -j own"),
        filter("a loop that is not reached", "-A own -j own"),
        filter("a chain again loses its rules", "-A own -j DROP", ":own - [0:0]"),
        filter("a policy on a chain of the user", "-P own DROP"),
        filter("a policy on its line counts for nothing", ":mine DROP [0:0]"),
        filter("an unknown policy", ":INPUT RETURN [0:0]"),
        filter("policies", ":INPUT DROP [5:6]", "-P FORWARD DROP", "-P OUTPUT DROP", "-P OUTPUT ACCEPT"),
        filter("a chain without a policy", ":more"),
        filter("counters of rules", "[1:2] -A INPUT", "[a:b]-A INPUT -c 5 6", "-A INPUT -c 5,6"),
        filter("counters that are not closed", "[1:2 -A INPUT"),
        filter("insertions", "-I INPUT", "-I INPUT 2 -s 1.1.1.1,2.2.2.2 -d 3.3.3.3", "-I INPUT -j DROP"),
        filter("an insertion too far down", "-I INPUT 2"),
        filter(
            "deletions",
            "-A INPUT -j ACCEPT",
            "-A INPUT -p 6 --dport 5",
            "-D INPUT 1",
            "-D INPUT -p tcp --dport 5:5"
        ),
        filter("a rule to delete that is not there", "-D INPUT -j ACCEPT"),
        filter("checks", "-A INPUT -j ACCEPT", "-C INPUT -j ACCEPT"),
        filter("a check that fails", "-C INPUT -j ACCEPT"),
        filter("chains come and go", "-N a", "-A a -j DROP", "-F a", "-X a", "-N b", "-X own"),
        filter("a chain with rules is not deleted", "-A own", "-X own"),
        filter("a chain in use is not deleted", "-A INPUT -j own", "-X own"),
        filter("the name of a target", "-N LOG"),
        filter("a chain that is there", "-N own"),
        filter("nothing of the file is flushed without a name", "-A INPUT -j own", "-F", "-A INPUT -j DROP"),
        filter("a chain without a name", "-N \"\""),
        filter("a loader of modules", "-A INPUT -M /sbin/modprobe -j DROP"),
        filter("a rename", "-E own other"),
        filter("a name of 28 bytes", "-N a234567890123456789012345678"),
        filter("a name of 29 bytes", ":a2345678901234567890123456789 - [0:0]"),
        filter("a name with a dash", ":-x - [0:0]"),
        filter("a chain that is not there", "-A nowhere"),
        filter("a target that is no chain", "-A INPUT -j Log"),
        filter("goto", "-A INPUT -g own"),
        filter("goto to a target", "-A INPUT -g LOG"),
        filter("comments and blank lines", "# one", "", "-A INPUT"),
        filter("a blank before the comment", " # one"),
        filter("a line of a blank", " "),
        filter("quotes", #"-A INPUT -m comment --comment "a \"b\" \\ 'c'" -j ACCEPT"#),
        filter("a quote ends a word", #"-A INPUT -m comment --comment a"b"#),
        filter("an empty word", #"-A INPUT -m comment --comment """#),
        filter("addresses", "-A INPUT -s 10 -d 10.1/8", "-A INPUT -s 010.0x10.1.1 ! -d 1.2.3.4/255.0.255.0"),
        filter("lists of addresses", #"-A INPUT -s "1.1.1.1, 2.2.2.2/8" -d 3.3.3.3,4.4.4.4"#),
        filter("a list that is negated", "-A INPUT ! -s 1.1.1.1,2.2.2.2"),
        filter("all addresses, negated", "-A INPUT ! -s 0/0"),
        filter("a mask of 33", "-A INPUT -s 1.1.1.1/33"),
        filter("protocols", "-A INPUT -p TCP", "-A INPUT -p 47", "-A INPUT ! -p all"),
        filter(
            "protocol names",
            "-A INPUT -p mh",
            "-A INPUT ! -p icmpv6",
            "-A INPUT -p 255",
            "-A INPUT -p all"
        ),
        filter("an unknown protocol", "-A INPUT -p nosuch"),
        filter("a protocol that is attached", "-A INPUT --protocol=tcp"),
        filter("an address that is attached", "-A INPUT -s1.1.1.1"),
        filter("interfaces", "-A FORWARD -i eth+ ! -o lo", "-A FORWARD -i + -o eth0", "-A FORWARD ! -i +"),
        filter("an interface that is attached", "-A FORWARD -ieth0 --out-interface=eth1"),
        filter("an interface of 16 bytes", "-A INPUT -i 0123456789012345"),
        filter("-o in INPUT", "-A INPUT -o eth0"),
        filter("-i in OUTPUT", "-A OUTPUT -i eth0"),
        filter("fragments", "-A FORWARD -f", "-A FORWARD ! --frag"),
        filter("options bundled and attached", "-A INPUT -fjACCEPT", "-vA INPUT", "--app INPUT --jump=DROP"),
        filter("a beginning that two options have", "-A INPUT --s 1.1.1.1"),
        filter("negation after the option", "-A INPUT -p tcp --dport ! 22"),
        filter("negation twice", "-A INPUT ! ! -p tcp"),
        filter("negation of nothing", "-A INPUT !"),
        filter("negation of a target", "-A INPUT ! -j ACCEPT"),
        filter("a word too many", "-A INPUT foo"),
        filter("a word that is missing", "-A INPUT -j"),
        filter("two commands", "-A INPUT -N x"),
        filter("two targets", "-A INPUT -j ACCEPT -j DROP"),
        filter("no command", "-j ACCEPT"),
        filter("-t in a file", "-t filter -A INPUT"),
        filter("-n beside a rule", "-n -A INPUT"),
        filter("-s beside a chain", "-N x -s 1.1.1.1"),
        filter("an unknown match", "-A INPUT -m nosuch"),
        filter("an unknown option", "-A INPUT -p tcp --dprot 5"),
        filter("an option before its protocol", "-A INPUT --dport 5 -p tcp"),
        filter("a protocol loads its match", "-A INPUT -j LOG -p tcp --dport 5"),
        filter(
            "matches of TCP that the kernel makes one",
            "-A INPUT -p tcp --dport 1 -m mark --mark 1 -m tcp --sport 2"
        ),
        filter(
            "matches that stay apart",
            "-A INPUT -p tcp -m tcp -m tcp --dport 3 -m limit -m limit --limit 1/s"
        ),
        filter("a match of another protocol", "-A INPUT -p udp -m tcp --dport 5"),
        filter("hooks by way of a chain", "-A own -m mac --mac-source 1:2:3:4:5:6", "-A OUTPUT -j own"),
        filter("hooks that nobody comes from", "-A own -m mac --mac-source 1:2:3:4:5:6"),
        filter("a chain that is called as a target", ":LOG - [0:0]", "-A INPUT -j LOG", "-A LOG -j DROP"),
        filter("options for a chain", ":LOG - [0:0]", "-A INPUT -j LOG --log-level 3"),
        filter("a target until a chain has its name", "-A INPUT -j LOG", ":LOG - [0:0]", "-A INPUT -j LOG"),
        SaveCase(
            "a chain of another table that is called as a target",
            .ipv4,
            "*filter\n:LOG - [0:0]\nCOMMIT\n*mangle\n-A INPUT -j LOG\nCOMMIT\n"
        ),
        filter("chains that no table can have", ":ACCEPT - [0:0]"),
        filter("the queue is no chain", "-N QUEUE"),
        filter(
            "names of hosts and networks",
            "-A INPUT -s localhost/8 -d LOCALHOST,1.2.3.4",
            "-A INPUT -s loopback"
        ),
        filter("names without a dot that no file has", "-A INPUT -s nosuchhost"),
        SaveCase("names of networks are of IPv4", .ipv6, "*filter\n-A INPUT -s link-local\nCOMMIT\n"),
        filter("users and groups", "-A OUTPUT -m owner --uid-owner root ! --gid-owner daemon"),
        filter(
            "a timer that two rules share",
            "-A INPUT -j IDLETIMER --timeout 5 --label shared",
            "-A INPUT -j IDLETIMER --timeout 6 --label shared"
        ),
        filter(
            "a timer of two kinds",
            "-A INPUT -j IDLETIMER --timeout 5 --label twofold",
            "-A INPUT -j IDLETIMER --timeout 5 --label twofold --alarm"
        ),
        SaveCase(
            "an estimator of two tables",
            .ipv4,
            """
            *mangle
            -A INPUT -j RATEEST --rateest-name one --rateest-interval 250ms --rateest-ewmalog 1s
            COMMIT
            *filter
            -A INPUT -j RATEEST --rateest-name one --rateest-interval 1s --rateest-ewmalog 4s
            COMMIT

            """
        ),
        SaveCase(
            "the match of a protocol by its name",
            .ipv6,
            "*filter\n-A INPUT -p mh --mh-type 1\nCOMMIT\n"
        ),
        SaveCase(
            "no match by the number of a protocol whose name is another",
            .ipv6,
            "*filter\n-A INPUT -p 135 --mh-type 1\nCOMMIT\n"
        ),
        SaveCase(
            "maps of sets in a chain of the user",
            .ipv4,
            "*mangle\n:own - [0:0]\n-A own -j SET --map-set addresses src --map-prio\n-A PREROUTING -j own\nCOMMIT\n"
        ),
        filter("a socket by way of a chain", "-A own -m socket", "-A FORWARD -j own"),
        filter("a realm by way of a chain", "-A own -m realm --realm 5", "-A FORWARD -j own"),
        SaveCase(
            "a realm by way of a chain from where none is known",
            .ipv4,
            "*mangle\n:own - [0:0]\n-A own -m realm --realm 5\n-A PREROUTING -j own\nCOMMIT\n"
        ),
        filter(
            "what the kernel looks at in its own chains only",
            "-A own -m policy --dir out",
            "-A own -m devgroup --src-group 5 --dst-group 7",
            "-A INPUT -j own"
        ),
        SaveCase("dropping in nat", .ipv4, "*nat\n-A PREROUTING -j DROP\nCOMMIT\n"),
        SaveCase("a policy of nat", .ipv4, "*nat\n:PREROUTING DROP [0:0]\nCOMMIT\n"),
        SaveCase("QUEUE", .ipv4, "*filter\n-A INPUT -j QUEUE\nCOMMIT\n"),
        deep("chains 15 deep", 15),
        deep("chains 16 deep", 16),
    ]

    /// Chains that lead into one another, so many below INPUT.
    private static func deep(_ name: String, _ depth: Int) -> SaveCase {
        let chains = (1...depth).map { ":C\($0) - [0:0]\n" }.joined()
        let jumps = (1..<depth).map { "-A C\($0) -j C\($0 + 1)\n" }.joined()
        return SaveCase(name, .ipv4, "*filter\n\(chains)\(jumps)-A INPUT -j C1\nCOMMIT\n")
    }
}
