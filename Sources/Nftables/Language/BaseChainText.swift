/// `type filter hook input priority filter; policy accept;`
struct BaseChainText: Sendable {
    let base: BaseChain
    let family: Family
    let flags: UInt32

    var text: String {
        var text = "type \(base.type) hook \(hook)"
        if base.devices.count == 1 {
            text += " device \"\(base.devices[0])\""
        } else if base.devices.count > 1 {
            text += " devices = { \(base.devices.map { "\"\($0)\"" }.joined(separator: ", ")) }"
        }
        text += " priority \(priority);"
        if let policy = base.policy { text += " policy \(policy == 0 ? "drop" : "accept");" }
        // NFT_CHAIN_HW_OFFLOAD.
        if flags & 2 != 0 { text += " flags offload;" }
        return text
    }

    private var hook: String {
        switch family {
        case .netdev: ["ingress", "egress"][min(Int(base.hook), 1)]
        case .arp: ["input", "output", "forward"][min(Int(base.hook), 2)]
        case .inet, .ip, .ip6, .bridge:
            ["prerouting", "input", "forward", "output", "postrouting", "ingress"][min(Int(base.hook), 5)]
        }
    }

    /// As nft(8) names them in "CHAINS", and numbers close to these.
    private var names: [(String, Int32)] {
        switch family {
        case .bridge:
            [("filter", -200)] + (hook == "prerouting" ? [("dstnat", -300)] : [])
                + (hook == "output" ? [("out", 100)] : []) + (hook == "postrouting" ? [("srcnat", 300)] : [])
        case .arp, .netdev: [("filter", 0)]
        case .inet, .ip, .ip6:
            [("raw", -300), ("mangle", -150), ("filter", 0), ("security", 50)]
                + (hook == "prerouting" ? [("dstnat", -100)] : [])
                + (hook == "postrouting" ? [("srcnat", 100)] : [])
        }
    }

    private var priority: String {
        for (name, value) in names where abs(Int64(base.priority) - Int64(value)) <= 10 {
            let distance = base.priority - value
            if distance == 0 { return name }
            return distance > 0 ? "\(name) + \(distance)" : "\(name) - \(-distance)"
        }
        return base.priority.description
    }
}

/// A flowtable, declared.
struct FlowtableText: Sendable {
    let table: KernelFlowtable

    var lines: [String] {
        var lines = ["flowtable \(table.name) {", "\thook ingress priority \(table.priority);"]
        if !table.devices.isEmpty {
            lines.append("\tdevices = { \(table.devices.map { "\"\($0)\"" }.joined(separator: ", ")) };")
        }
        if table.flags & 1 != 0 { lines.append("\tflags offload;") }
        if table.flags & 2 != 0 { lines.append("\tcounter;") }
        return lines + ["}"]
    }
}
