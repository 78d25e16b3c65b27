import Compiler
import PacketModel

extension IptablesProgram {
    /// The types of sets, the matches and the targets, each as the program first uses it.
    func kernelParts(_ variant: IptablesVariant) -> [KernelPart] {
        var parts = setParts
        var known: Set<String> = []
        for family in IPFamily.allCases {
            var table = ""
            for line in self[family].text.listedLines {
                if line.hasPrefix("*") { table = String(line.dropFirst()) }
                for use in ExtensionUse.all(in: line.listedWords) {
                    let part = use.part(variant, family, table: table)
                    if known.insert("\(part.module) \(table) \(family)").inserted { parts.append(part) }
                }
            }
        }
        return parts
    }

    /// `create ww-1 hash:net family inet …` needs `ip_set_hash_net`.
    private var setParts: [KernelPart] {
        let headers = ipset.listedLines.map(\.listedWords).filter { $0.first == "create" && $0.count > 2 }
        var known: Set<Substring> = []
        return headers.filter { known.insert($0[2]).inserted }.map { words in
            let (type, rest) = (words[2], words.dropFirst(3).joined(separator: " "))
            return KernelPart(
                module: "ip_set_" + type.replacing(":", with: "_").replacing(",", with: ""),
                program: "ipset",
                arguments: ["restore"],
                text: "create ww-probe \(type) \(rest)\ndestroy ww-probe\n"
            )
        }
    }
}

/// A match or a target with its options, out of a rule.
private struct ExtensionUse {
    var isTarget: Bool
    var name: Substring
    var words: ArraySlice<Substring>
    /// `-p tcp`, for matches that want it.
    var transportProtocol: [Substring]

    /// Those of a rule of ours; what has no code of its own in the kernel, and what names a set, is left out.
    static func all(in words: [Substring]) -> [ExtensionUse] {
        guard words.first == "-A" else { return [] }
        let transportProtocol = words.firstIndex(of: "-p").map { Array(words[$0...].prefix(2)) } ?? []
        let starts = words.indices.filter {
            ["-m", "-j", "-g"].contains(words[$0]) && $0 + 1 < words.endIndex
        }
        return starts.enumerated().compactMap { number, start in
            let end = number + 1 < starts.count ? starts[number + 1] : words.endIndex
            let name = words[start + 1]
            let isPlain = ["ACCEPT", "DROP", "RETURN", "set"].contains(name)
            guard words[start] != "-g", !isPlain, !name.hasPrefix(IptablesProgram.chainPrefix) else {
                return nil
            }
            return ExtensionUse(
                isTarget: words[start] == "-j",
                name: name,
                words: words[start..<end],
                transportProtocol: transportProtocol
            )
        }
    }

    func part(_ variant: IptablesVariant, _ family: IPFamily, table: String) -> KernelPart {
        let rule = (transportProtocol + words).joined(separator: " ")
        let chain = "\(IptablesProgram.chainPrefix)PROBE"
        return KernelPart(
            module: module(family),
            program: "\(family == .ipv4 ? "iptables" : "ip6tables")-\(variant.rawValue)-restore",
            arguments: ["--noflush"],
            text: "*\(table)\n:\(chain) - [0:0]\n-A \(chain) \(rule)\nCOMMIT\n",
            dryOption: "--test"
        )
    }

    private func module(_ family: IPFamily) -> String {
        switch (isTarget, name) {
        case (false, "tcp"), (false, "udp"): "xt_tcpudp"
        case (false, "icmp"): "ip_tables"
        case (false, "icmp6"): "ip6_tables"
        case (true, "REJECT"): family == .ipv4 ? "ipt_REJECT" : "ip6t_REJECT"
        case (true, "DNAT"), (true, "SNAT"): "xt_nat"
        default: "xt_\(name)"
        }
    }
}
