import Kernel

extension PreflightHost {
    /// What a variant's save tools say of both families; nothing where the tools or the tables are not there.
    ///
    /// The old tables are named in `/proc/net/ip_tables_names` and `ip6_tables_names` once somebody used them.
    func saved(by variant: IptablesVariant) async -> String {
        var text = ""
        for (program, tables) in [("iptables", "ip_tables_names"), ("ip6tables", "ip6_tables_names")] {
            if variant == .legacy {
                let names = await files.text(of: "/proc/thread-self/net/\(tables)") ?? ""
                if names.isEmpty { continue }
            }
            text += await answer("\(program)-\(variant.rawValue)-save").text ?? ""
        }
        return text
    }
}
