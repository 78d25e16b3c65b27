import PacketModel

/// Bans as a chain of their own in the table `filter`, which changes of the firewall leave alone. They end when
/// somebody writes them anew, for a rule has no clock.
enum IptablesBans {
    /// No chain of a generation begins so.
    static let chain = "WALLWRIGHT_BANS"
    private static let builtIn = ["INPUT", "FORWARD"]

    /// The chain alone, as text for `iptables-restore --noflush`, and the jumps to it; nothing where there are no bans.
    static func parts(_ bans: [Ban], _ family: IPFamily) -> (text: String, jumps: [IptablesProgram.Jump]) {
        let text = text(bans, family, over: IptablesState(""))
        guard !text.isEmpty else { return ("", []) }
        let lines = text.listedLines.filter { !$0.hasPrefix("-I ") }
        let jumps = builtIn.map { IptablesProgram.Jump(table: "filter", chain: $0, words: ["-j", chain]) }
        return (lines.map { $0 + "\n" }.joined(), jumps)
    }

    /// Which built-in chains lead to it.
    static let entrances = Dictionary(uniqueKeysWithValues: builtIn.map { ($0, [chain]) })

    /// Text for `iptables-restore --noflush` that puts these bans in the place of all; without any the chain goes.
    /// `state` is what the table has now.
    static func text(_ bans: [Ban], _ family: IPFamily, over state: IptablesState) -> String {
        let own = bans.disjoint(family)
        let jumped = builtIn.filter { state.hasJump(from: $0, to: chain) }
        if own.isEmpty {
            guard state.hasChain(chain) else { return "" }
            let jumps = jumped.map { "-D \($0) -j \(chain)\n" }
            return "*filter\n:\(chain) - [0:0]\n\(jumps.joined())-X \(chain)\nCOMMIT\n"
        }
        var text = "*filter\n:\(chain) - [0:0]\n-A \(chain) -i lo -j RETURN\n"
        if family == .ipv6 {
            for type in [130, 131, 132, 133, 134, 135, 136, 143] {
                text += "-A \(chain) -p ipv6-icmp -m icmp6 --icmpv6-type \(type) -j RETURN\n"
            }
        }
        let (server, client) = family == .ipv4 ? (67, 68) : (547, 546)
        text += "-A \(chain) -p udp -m udp --sport \(server) --dport \(client) -j RETURN\n"
        for (interval, _) in own {
            for prefix in interval.prefixes(in: family) { text += "-A \(chain) -s \(prefix) -j DROP\n" }
        }
        for name in builtIn where !jumped.contains(name) { text += "-I \(name) 1 -j \(chain)\n" }
        return text + "COMMIT\n"
    }
}
