extension RuleOwner {
    /// libvirt.org, "Firewall and network filtering in libvirt". Before 5.1 it had no chains of its own and wrote the same
    /// rules into the built-in ones.
    static let libvirt = RuleOwner(
        name: "libvirt",
        services: ["libvirtd", "virtnetworkd"],
        chains: ["LIBVIRT_*"],
        tables: ["libvirt_network"],
        rules: [
            "INPUT -i virbr* -p <protocol> -m <protocol> --dport 53 -j ACCEPT",
            "INPUT -i virbr* -p <protocol> -m <protocol> --dport 67 -j ACCEPT",
            "OUTPUT -o virbr* -p udp -m udp --dport 68 -j ACCEPT",
            "FORWARD -d * -o virbr* -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
            "FORWARD -s * -i virbr* -j ACCEPT",
            "FORWARD -i virbr* -o virbr* -j ACCEPT",
            "FORWARD -o virbr* -j REJECT --reject-with *",
            "FORWARD -i virbr* -j REJECT --reject-with *",
            "POSTROUTING -o virbr* -p udp -m udp --dport 68 -j CHECKSUM --checksum-fill",
        ]
    )
}
