import PacketModel

/// `addrtype`: whether the destination is an address of this host (iptables-extensions(8)).
enum AddressTypeMatch: MatchExtension {
    static func alternatives(of test: Test, in context: RuleContext) throws(Inexpressible) -> [[MatchText]]? {
        guard case .field(.destinationIsLocal, let values) = test.condition else { return nil }
        guard values == [0] || values == [1] else { throw Inexpressible("an address is local or it is not") }
        let isLocal = (values == [1]) != test.isNegated
        return [[MatchText("addrtype", "--dst-type", "LOCAL", negated: !isLocal)]]
    }
}
