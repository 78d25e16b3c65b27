import Diagnostics
import Netfilter
package import Policy

extension Policy {
    /// What rules are called by in comments: `policy.yaml:7 allow mysql`.
    package func comment(_ origin: Origin) -> String {
        "\(place(origin)) \(origin.title)"
    }

    /// The file and the line alone: `policy.yaml:7`.
    package func place(_ origin: Origin) -> String {
        "\(fileName):\(origin.line)"
    }

    /// The policy's file without its folders.
    package var fileName: String {
        source.name.split(separator: "/").last.map(String.init) ?? source.name
    }

    /// A prefix for the log that says what and why, within what iptables takes.
    package func logPrefix(_ reason: String) -> String {
        let whole = "\(log.prefix) \(reason)"
        return whole.utf8.count <= Log.longestPrefix - 2 ? "\(whole): " : Self.cut(whole)
    }

    private static func cut(_ text: String) -> String {
        var kept = ""
        for character in text where kept.utf8.count + String(character).utf8.count <= Log.longestPrefix - 2 {
            kept.append(character)
        }
        return "\(kept): "
    }
}
