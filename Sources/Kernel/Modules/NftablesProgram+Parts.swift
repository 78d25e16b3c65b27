import Compiler

extension NftablesProgram {
    /// Expressions and chains of nf_tables that kernels have in modules of their own: what of a text shows that it needs
    /// one, and a chain that does.
    private static let expressions: [(module: String, sign: String, chain: String)] = [
        ("nf_tables_set", "elements = {", "\(input) tcp dport { 80, 443 } accept"),
        ("nft_counter", "counter", "\(input) counter"),
        ("nft_ct", "ct state ", "\(input) ct state new accept"),
        ("nft_limit", "limit rate ", "\(input) limit rate 1/second accept"),
        ("nft_log", "log prefix ", "\(input) log prefix \"wallwright\""),
        ("nft_reject_inet", "reject with ", "\(input) reject with icmpx type admin-prohibited"),
        ("nft_fib_inet", "fib ", "\(input) fib saddr . iif oif missing drop"),
        ("nft_chain_nat", "type nat hook ", "type nat hook prerouting priority -100;"),
        ("nft_masq", "masquerade", "type nat hook postrouting priority 100; masquerade"),
        (
            "nft_redir", "redirect to ",
            "type nat hook prerouting priority -100; tcp dport 80 redirect to :8080"
        ),
        ("nft_nat", "dnat ip", "type nat hook prerouting priority -100; dnat ip to 192.0.2.1"),
    ]

    private static let input = "type filter hook input priority 0;"

    /// In the order in which they are needed.
    var kernelParts: [KernelPart] {
        Self.expressions.filter { text.contains($0.sign) }.map { module, _, chain in
            KernelPart(
                module: module,
                program: "nft",
                arguments: ["--check", "-f", "-"],
                text: "table inet wallwright {\n    chain c {\n        \(chain)\n    }\n}\n"
            )
        }
    }
}
