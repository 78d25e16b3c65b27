/// A configuration file of lines `KEY=value`, as shells read them (ufw.conf, csf.conf, firewalld.conf, os-release(5)).
struct Assignments: Sendable {
    private var values: [String: String] = [:]

    /// The last assignment of a key counts; quotes and spaces around key and value do not.
    init(_ text: String) {
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmed(of: " \t\r") }
            guard parts.count == 2, !parts[0].hasPrefix("#") else { continue }
            values[String(parts[0])] = Self.value(parts[1])
        }
    }

    subscript(key: String) -> String? { values[key] }

    /// Whether it says yes; a case of its own stands for the same.
    func isOn(_ key: String) -> Bool { values[key]?.lowercased() == "yes" }

    private static func value(_ text: Substring) -> String {
        guard let quote = text.first, quote == "\"" || quote == "'" else {
            return String(text.prefix { $0 != "#" && $0 != " " })
        }
        return String(text.dropFirst().prefix { $0 != quote })
    }
}

extension StringProtocol {
    fileprivate func trimmed(of characters: String) -> Substring {
        let start = drop { characters.contains($0) }
        let end = start.lastIndex { !characters.contains($0) }
        return end.map { Substring(start[...$0]) } ?? ""
    }
}
