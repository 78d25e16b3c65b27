package import Diagnostics

/// A line of a save file between `*TABLE` and `COMMIT`.
package struct Command: Sendable {
    package var action: Action
    package var range: SourceRange
    /// Of the chain's name, where it has one.
    package var chainRange: SourceRange

    package enum Action: Sendable {
        case append(chain: String, [RuleSyntax])
        /// The first rule gets the number.
        case insert(chain: String, number: Int, [RuleSyntax])
        case replace(chain: String, number: Int, RuleSyntax)
        case delete(chain: String, [RuleSyntax])
        case deleteNumber(chain: String, Int)
        case check(chain: String, [RuleSyntax])
        case flush(chain: String?)
        case zero(chain: String?)
        case newChain(String)
        case deleteChain(String?)
        case rename(String)
        case policy(chain: String, String)
        /// `:CHAIN POLICY [packets:bytes]`
        case declare(chain: String, policy: String, Counters?)
        /// Prints and changes nothing.
        case list(chain: String?)
    }
}
