import Kernel
import PacketModel

extension PreflightHost {
    /// A bridge with two ports at least, and the families whose rules the frames between them pass.
    struct FilteredBridge: Hashable {
        var name: String
        var families: [IPFamily]
    }

    /// Those whose frames pass the rules for packets: all of them, or the ones that are set so themselves.
    func filteredBridges() async -> Result<[FilteredBridge], ToolError> {
        // A kernel without the module has no such settings.
        guard await files.exists("/proc/sys/net/bridge") else { return .success([]) }
        var isOn: [IPFamily: Bool] = [:]
        for (family, name) in [(IPFamily.ipv4, "iptables"), (.ipv6, "ip6tables")] {
            isOn[family] = await files.text(of: "/proc/sys/net/bridge/bridge-nf-call-\(name)") == "1\n"
        }
        return await answer("ip", "-j", "-d", "link", "show").flatMap { text in
            Self.decode([Link].self, text, of: "ip").map { links in
                let ports = Dictionary(grouping: links.compactMap(\.master)) { $0 }.mapValues(\.count)
                return links.filter { $0.linkinfo?.kind == "bridge" && ports[$0.ifname, default: 0] > 1 }
                    .map { link in
                        let families = IPFamily.allCases.filter {
                            isOn[$0] == true || link.linkinfo?.data?.callsRules(of: $0) == true
                        }
                        return FilteredBridge(name: link.ifname, families: families)
                    }.filter { !$0.families.isEmpty }
            }
        }
    }
}

/// An interface of `ip -j -d link`.
private struct Link: Decodable {
    struct Info: Decodable {
        var kind: String?
        var data: Settings?

        private enum CodingKeys: String, CodingKey {
            case kind = "info_kind"
            case data = "info_data"
        }
    }

    struct Settings: Decodable {
        private var ipv4: Int?
        private var ipv6: Int?

        private enum CodingKeys: String, CodingKey {
            case ipv4 = "nf_call_iptables"
            case ipv6 = "nf_call_ip6tables"
        }

        func callsRules(of family: IPFamily) -> Bool {
            switch family {
            case .ipv4: ipv4 == 1
            case .ipv6: ipv6 == 1
            }
        }
    }

    var ifname: String
    var master: String?
    var linkinfo: Info?
}
