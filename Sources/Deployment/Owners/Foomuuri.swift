extension RuleOwner {
    /// A firewall of its own, which its service loads.
    static let foomuuri = RuleOwner(name: "Foomuuri", services: ["foomuuri"], tables: ["foomuuri"])
}
