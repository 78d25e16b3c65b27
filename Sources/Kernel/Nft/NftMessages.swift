import Diagnostics
import Netlink
import SystemPackage

/// What nft writes about a file: `rules.nft:3:5-10: Error: syntax error, unexpected junk`.
struct NftMessages {
    private(set) var diagnostics: [Diagnostic] = []
    /// What must be an interface, and is none.
    private(set) var interfaces: [String] = []

    init(_ message: String, source: SourceFile, path: String?) {
        var sources = [source.name: source, "/dev/stdin": source]
        if let path { sources[path] = source }
        for line in message.split(separator: "\n") {
            guard let match = line.wholeMatch(of: Self.pattern) else { continue }
            let name = String(match.1)
            let place = sources[name] ?? Self.read(name)
            sources[name] = place
            let words = String(match.5)
            var label: Diagnostic.Label?
            if let place, let row = Int(match.2), let first = Int(match.3), let last = Int(match.4 ?? match.3)
            {
                let range = Self.range(row, first, last, in: place)
                label = Diagnostic.Label(place, range)
                let word = String(decoding: place.bytes[range.start..<range.end], as: UTF8.self)
                interfaces += Self.interfaces(words, word, place)
            }
            diagnostics.append(
                Diagnostic(code: "nftables.load", words.prefix(1).lowercased() + words.dropFirst(), at: label)
            )
        }
        if diagnostics.isEmpty {
            diagnostics = [Diagnostic(code: "nftables.load", "nft does not load it", notes: [message])]
        }
    }

    /// The lines (from 1) that messages about standard input name.
    static func lines(of message: String) -> [Int] {
        message.split(separator: "\n").compactMap { line in
            line.wholeMatch(of: pattern).flatMap { Int($0.2) }
        }
    }

    private static var pattern: Regex<(Substring, Substring, Substring, Substring, Substring?, Substring)> {
        /(.+?):([0-9]+):([0-9]+)(?:-([0-9]+))?: Error: (.*)/
    }

    private static func read(_ path: String) -> SourceFile? {
        do {
            let file = try FileDescriptor.open(
                FilePath(path),
                .readOnly,
                options: [.closeOnExec, .nonBlocking]
            )
            let bytes = try file.closeAfter { try file.bytes(upTo: 1 << 24) }
            return SourceFile(name: path, bytes: bytes)
        } catch {
            return nil
        }
    }

    /// Rows and columns count from 1, and the last column is part of it.
    private static func range(_ row: Int, _ first: Int, _ last: Int, in source: SourceFile) -> SourceRange {
        guard row >= 1, row <= source.lineStarts.count else { return .start }
        let start = source.lineStarts[row - 1]
        let most = source.bytes.count
        return SourceRange(min(most, start + max(0, first - 1)), min(most, start + max(first, last)))
    }

    private static func interfaces(_ words: String, _ word: String, _ source: SourceFile) -> [String] {
        if words.hasPrefix("Interface does not exist") { return names(in: word) }
        // A chain or flowtable of a device that is not there.
        guard words.hasSuffix("No such file or directory"), words.hasPrefix("Could not process rule") else {
            return []
        }
        let text = String(decoding: source.bytes, as: UTF8.self)
        return text.matches(of: /devices?\s*=?\s*(\{[^}]*\}|\$\w+|"[^"]+"|[\w.\-]+)/).flatMap { match in
            names(in: defined(String(match.1), in: text))
        }
    }

    /// What a `$name` stands for.
    private static func defined(_ word: String, in text: String) -> String {
        guard word.hasPrefix("$"), word.dropFirst().allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
        else {
            return word
        }
        let name = word.dropFirst()
        let found = text.matches(of: /define\s+(\w+)\s*=\s*(\{[^}]*\}|[^\n;]+)/).first { $0.1 == name }
        return found.map { String($0.2) } ?? ""
    }

    private static func names(in words: String) -> [String] {
        let separators = Set<Character>(" \t\n\"{},;")
        return words.split { separators.contains($0) }.map(String.init).filter { name in
            name.utf8.count < 16 && name != "." && name != ".."
                && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
        }
    }
}
