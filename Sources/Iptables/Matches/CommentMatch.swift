import PacketModel

/// `comment`: text for people (iptables-extensions(8)).
enum CommentMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "comment",
            .match,
            options: [OptionSyntax("comment", .text(atLeast: 0, kept: longest), mandatory: true)],
            examples: ["-m comment --comment \"from the office\""]
        )
    ]

    /// linux/netfilter/xt_comment.h: 256 bytes with the terminator.
    static let longest = 255

    static func words(_ comment: String) -> [String] {
        ["-m", "comment", "--comment", QuotedText.restore(QuotedText.clipped(comment, bytes: longest))]
    }

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        []
    }
}
