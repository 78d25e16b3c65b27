import PacketModel

/// `owner`: the user of the sending socket, or a range of users (iptables-extensions(8)).
enum OwnerMatch: MatchExtension {
    static func alternatives(of test: Test, in context: RuleContext) -> [[MatchText]]? {
        guard case .field(.user, let users) = test.condition else { return nil }
        return test.either(
            users.intervals.map { interval in
                let text = interval.isSingle ? "\(interval.lower)" : "\(interval.lower)-\(interval.upper)"
                return MatchText("owner", "--uid-owner", text)
            }
        )
    }
}
