/// Something of a ruleset that a language has no words for.
package struct Inexpressible: Error, Hashable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) {
        self.description = description
    }
}
