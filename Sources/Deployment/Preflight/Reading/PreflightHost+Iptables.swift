import Compiler
import Kernel
import PacketModel

extension PreflightHost {
    /// What a variant's save tools say of both families; nothing where the tools or the tables are not there.
    ///
    /// The old tables are named in `/proc/net/ip_tables_names` and `ip6_tables_names` once somebody used them.
    func saved(by variant: IptablesVariant) async -> String {
        await saved(by: variant, .ipv4) + saved(by: variant, .ipv6)
    }

    /// The same of one family.
    func saved(by variant: IptablesVariant, _ family: IPFamily) async -> String {
        await savedAnswer(by: variant, family).text ?? ""
    }

    /// As ``saved(by:_:)``, or why there is nothing.
    func savedAnswer(by variant: IptablesVariant, _ family: IPFamily) async -> ToolAnswers.Answer {
        let (program, tables) =
            family == .ipv4 ? ("iptables", "ip_tables_names") : ("ip6tables", "ip6_tables_names")
        if variant == .legacy {
            let names = await files.text(of: "/proc/thread-self/net/\(tables)") ?? ""
            if names.isEmpty { return .success("") }
        } else if await !hasNftables() {
            return .success("")
        }
        return await answer("\(program)-\(variant.rawValue)-save")
    }
}
