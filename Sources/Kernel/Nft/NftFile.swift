package import Diagnostics
import Netlink
package import Nftables

/// A file for nft: loaded by the installed `nft` in a network namespace that has nothing else, and read back.
package struct NftFile: Sendable {
    /// What came of it.
    package enum Reading: Sendable {
        /// The same ruleset in the words that Wallwright prints.
        case text(String)
        /// What nft says against the file.
        case refused([Diagnostic])
        /// What is not understood, or has no words: nothing is printed where it would differ.
        case unread([UnreadPart])
    }

    private let source: SourceFile
    /// The file that nft opens; nil for standard input.
    private let path: String?
    private let nft: Tool

    package init(_ source: SourceFile, path: String?) throws(ToolError) {
        (self.source, self.path) = (source, path)
        nft = try Tool(named: "nft")
    }

    package func read() async throws -> Reading {
        var interfaces: [String] = []
        while true {
            let namespace = try await Self.namespace(with: interfaces)
            do throws(ToolError) {
                if let path {
                    try await nft.run(["-f", path], in: namespace)
                } else {
                    try await nft.run(["-f", "-"], input: source.bytes, in: namespace)
                }
            } catch {
                guard case .failed(_, _, let message) = error else { throw error }
                let said = NftMessages(message, source: source, path: path)
                // A name of an interface stands for a number, which only one that is there has.
                let missing = said.interfaces.filter { !interfaces.contains($0) }
                guard !missing.isEmpty, interfaces.count < Self.mostInterfaces else {
                    return .refused(said.diagnostics)
                }
                interfaces += missing
                continue
            }
            return try await write(namespace, interfaces)
        }
    }

    private static let mostInterfaces = 256
    /// How often rules are written with more words.
    private static let mostRounds = 64

    /// Prints what the namespace holds so that loading it makes the same.
    private func write(_ namespace: NetworkNamespace, _ interfaces: [String]) async throws -> Reading {
        let original = try await namespace.run { try KernelDump.read() }
        let names = try await namespace.run { try InterfaceNames.read() }
        var text = try NftablesText(original, interfaces: names)
        for _ in 0..<Self.mostRounds {
            let (words, unread) = text.text()
            guard unread.isEmpty else { return .unread(unread) }
            let copy = try await Self.namespace(with: interfaces)
            do throws(ToolError) {
                try await nft.run(["-f", "-"], text: words, in: copy)
            } catch {
                guard case .failed(_, _, let message) = error else { throw error }
                let lines = NftMessages.lines(of: message)
                guard lines.reduce(false, { text.explain(line: $1) || $0 }) else {
                    return .unread([UnreadPart(place: "what nft does not load again", name: message)])
                }
                continue
            }
            let loaded = try await copy.run { try KernelDump.read() }
            let differing = original.places(differingFrom: loaded)
            if differing.isEmpty { return .text(words) }
            if text.explain(differing: original, from: loaded) { continue }
            return .unread(differing.map { UnreadPart(place: $0, name: "other when loaded again") })
        }
        return .unread([UnreadPart(place: "the ruleset", name: "rules that take too many words")])
    }

    private static func namespace(with interfaces: [String]) async throws -> NetworkNamespace {
        let namespace = try await NetworkNamespace.make()
        guard !interfaces.isEmpty else { return namespace }
        let program = try Tool(named: "ip")
        for name in interfaces {
            do throws(ToolError) {
                try await program.run(["link", "add", name, "type", "dummy"], in: namespace)
            } catch {
                // A kernel without dummies may have this kind.
                guard case .failed = error else { throw error }
                do throws(ToolError) {
                    try await program.run(["tuntap", "add", "dev", name, "mode", "tap"], in: namespace)
                } catch {
                    guard case .failed = error else { throw error }
                }
            }
        }
        return namespace
    }
}
