extension RuleOwner {
    /// The script `_updown` with `lefthostaccess` or `leftfirewall`: each connection gets rules with the number of its
    /// request, which the next one does not have. A rule of a person's names none.
    static let strongSwan = RuleOwner(
        name: "strongSwan",
        renewal: .withConnections,
        services: ["strongswan", "strongswan-starter", "ipsec"],
        rules: ["* ... -m policy --dir * --pol ipsec --reqid * ... -j ACCEPT"]
    )
}
