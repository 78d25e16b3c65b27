/// Names of chains, sets or tables: `KUBE-*` for all that begin so, `DOCKER` for one.
struct NamePattern: Hashable, Sendable, ExpressibleByStringLiteral {
    private let text: String

    init(stringLiteral text: String) {
        self.text = text
    }

    func matches(_ name: some StringProtocol) -> Bool {
        text.last == "*" ? name.hasPrefix(text.dropLast()) : name == text
    }
}
