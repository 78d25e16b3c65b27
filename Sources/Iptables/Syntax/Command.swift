package import Diagnostics

/// A line of a save file between `*TABLE` and `COMMIT`, or the words after `iptables`.
package struct Command: Sendable {
    package var action: Action
    package var range: SourceRange
    /// Of the chain's name, where it has one.
    package var chainRange: SourceRange

    package enum Action: Sendable {
        case append(chain: String, [RuleSyntax])
        /// The first rule gets the number.
        case insert(chain: String, number: Int, [RuleSyntax])
        /// Apart from the others, which a whole rule would make large.
        indirect case replace(chain: String, number: Int, RuleSyntax)
        case delete(chain: String, [RuleSyntax])
        case deleteNumber(chain: String, Int)
        case check(chain: String, [RuleSyntax])
        case flush(chain: String?)
        /// All rules of the chain, or one.
        case zero(chain: String?, number: Int?)
        case newChain(String)
        case deleteChain(String?)
        case rename(String, to: String)
        case policy(chain: String, String)
        /// `:CHAIN POLICY [packets:bytes]`
        case declare(chain: String, policy: String, Counters?)
        /// Prints the chain, or all of them.
        case list(chain: String?, ChainListing)
    }
}

/// How chains are printed.
package struct ChainListing: Sendable {
    /// `-S`: as commands.
    var isRules: Bool
    /// Of the only rule.
    var number: Int?
    /// `-Z` beside it: the counters go to zero.
    var isZeroed: Bool
    /// `-n`
    var isNumeric: Bool
    /// `-v`
    var isVerbose: Bool
    /// `-x`
    var isExact: Bool
    /// `--line-numbers`
    var hasNumbers: Bool
}
