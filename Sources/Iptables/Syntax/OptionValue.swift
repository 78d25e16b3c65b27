package import PacketModel

/// What an option was given, as the kernel keeps it: two spellings of one thing are one value.
package indirect enum OptionValue: Hashable, Sendable {
    /// The option takes nothing.
    case none
    case number(UInt64)
    /// Both ends included.
    case range(UInt64, UInt64)
    /// A number under a mask: marks, types of service.
    case masked(UInt64, mask: UInt64)
    /// Text of any bytes: comments, names, log prefixes.
    case text([UInt8])
    case address(IPAddress)
    case addressRange(IPAddress, IPAddress)
    case network(IPAddress, mask: UInt128)
    case list([OptionValue])

    static func keyword(_ text: String) -> OptionValue { .text(Array(text.utf8)) }
}

/// How the words of one option are read and written.
package struct ValueSyntax: Sendable {
    /// The words that the option takes.
    let words: Int
    /// It takes one word more when that looks like no option.
    let mayTakeWord: Bool
    /// Words to try it with: some that iptables takes, at the ends of what it takes, and some that it refuses.
    let samples: [String]
    let read: @Sendable ([Word], ReadingContext) throws(Refusal) -> OptionValue
    let write: @Sendable (OptionValue) -> [UInt8]
    /// How newer releases write them, where that differs.
    private var newer: (since: IptablesRelease, write: @Sendable (OptionValue) -> [UInt8])?

    init(
        words: Int = 1,
        mayTakeWord: Bool = false,
        samples: [String],
        read: @escaping @Sendable ([Word], ReadingContext) throws(Refusal) -> OptionValue,
        write: @escaping @Sendable (OptionValue) -> [UInt8]
    ) {
        self.words = words
        self.mayTakeWord = mayTakeWord
        self.samples = samples
        self.read = read
        self.write = write
    }

    /// The same with other words to try it with.
    func tried(with samples: [String]) -> ValueSyntax {
        var syntax = ValueSyntax(
            words: words,
            mayTakeWord: mayTakeWord,
            samples: samples,
            read: read,
            write: write
        )
        syntax.newer = newer
        return syntax
    }

    /// The same, written differently since that release.
    func printed(
        since release: IptablesRelease,
        _ write: @escaping @Sendable (OptionValue) -> [UInt8]
    ) -> ValueSyntax {
        var syntax = self
        syntax.newer = (release, write)
        return syntax
    }

    /// The words of the value as the release prints them.
    func words(of value: OptionValue, in release: IptablesRelease) -> [UInt8] {
        guard let newer, release >= newer.since else { return write(value) }
        return newer.write(value)
    }

    /// An option without a value.
    static let flag = ValueSyntax(words: 0, samples: [""], read: { _, _ in .none }, write: { _ in [] })
}

/// What the reading of a rule depends on besides its words.
package struct ReadingContext: Sendable {
    package var family: IPFamily
    package var table: String
    package var chain: String
    package var names: NameDatabase
    /// The chains that the file declares by the name of a target: `-j` leads to them from then on.
    package var namesakes: Set<String> = []
    /// What `-p` says before the option that is read.
    package var transportProtocol: ProtocolTest?

    var release: IptablesRelease { names.release }

    /// The hook of a built-in chain; nil in a chain of the user.
    var hook: BuiltInChain? { BuiltInTable(rawValue: table)?.chains.first { $0.rawValue == chain } }
}
