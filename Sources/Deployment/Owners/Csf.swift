extension RuleOwner {
    /// ConfigServer Firewall, by the chains that its csf.pl makes; it shuts the policies, and opens its ports in the
    /// built-in chains for all interfaces but loopback.
    static let csf = RuleOwner(
        name: "csf",
        services: ["csf", "lfd"],
        chains: [
            "LOCALINPUT", "LOCALOUTPUT", "DENYIN", "DENYOUT", "ALLOWIN", "ALLOWOUT", "ALLOWDYNIN",
            "ALLOWDYNOUT",
            "GALLOWIN", "GALLOWOUT", "GDENYIN", "GDENYOUT", "LOGDROPIN", "LOGDROPOUT", "INVDROP", "INVALID",
            "SYNFLOOD", "PORTFLOOD", "UDPFLOOD", "CONNLIMIT", "SMTPOUTPUT", "WATCHIN", "WATCHOUT", "CC_*",
            "BOGON",
            "SPAMHAUS*", "DSHIELD", "HONEYPOT", "TOR", "ALTTOR", "BDE*", "CXS_*", "UIFALLOW", "DYNLOCAL*",
        ],
        sets: ["chain_ALLOW", "chain_6_ALLOW", "chain_DENY", "chain_6_DENY", "chain_GALLOW", "chain_GDENY"],
        rules: [
            "INPUT ! -i lo ... -j ACCEPT", "OUTPUT ! -o lo ... -j ACCEPT", "INPUT -i lo -j ACCEPT",
            "OUTPUT -o lo -j ACCEPT",
        ],
        landmark: "LOGDROPIN",
        policies: ["INPUT", "OUTPUT", "FORWARD"]
    )
}
