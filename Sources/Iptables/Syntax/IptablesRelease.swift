/// The releases of iptables whose words differ; each stands for those after it, up to the next one here.
///
/// What differs was measured on the tools of Debian 12 (1.8.9), Ubuntu 24.04 (1.8.10) and Debian 13 (1.8.11).
package enum IptablesRelease: String, CaseIterable, Comparable, Sendable {
    case v1_8_9 = "1.8.9"
    case v1_8_10 = "1.8.10"
    case v1_8_11 = "1.8.11"

    /// What `iptables --version` prints (`iptables v1.8.11 (nf_tables)`); the first release is also that of what is
    /// older.
    ///
    /// Nil when there is no version in it.
    package init?(answer: String) {
        let word = answer.split(whereSeparator: \.isWhitespace).first { word in
            word.first == "v" && word.dropFirst().first?.isNumber == true
        }
        guard let word else { return nil }
        let installed = Self.parts(word.dropFirst())
        self =
            Self.allCases.last { !installed.lexicographicallyPrecedes(Self.parts($0.rawValue[...])) }
            ?? .v1_8_9
    }

    package static func < (one: IptablesRelease, other: IptablesRelease) -> Bool {
        parts(one.rawValue[...]).lexicographicallyPrecedes(parts(other.rawValue[...]))
    }

    private static func parts(_ version: Substring) -> [Int] {
        version.split(separator: ".").map { Int($0.prefix(while: \.isNumber)) ?? 0 }
    }
}
