import Foundation
import Kernel
import Policy
import SystemPackage
import TestSupport
import Testing

/// What the documents show is what happens. `WALLWRIGHT_RECORD=1` writes down what happens, and still fails.
@Suite struct DocumentTests {
    static let documents = [
        "README.md", "docs/host.md", "docs/policy.md", "docs/iptables.md", "docs/nftables.md",
        "docs/architecture.md",
        "Benchmarks/README.md",
    ]

    static let blocks: [ConsoleBlock] = documents.flatMap { document in
        let url = ConsoleBlock.root.appending(path: document)
        return ConsoleBlock.all(in: document, text: (try? String(contentsOf: url, encoding: .utf8)) ?? "")
    }

    @Test func `the documents have commands`() {
        #expect(Self.blocks.contains { $0.document == "README.md" })
        #expect(Self.blocks.contains { $0.document == "docs/policy.md" })
    }

    @Test(arguments: blocks.filter { $0.place == nil })
    func `a command prints what the document shows`(block: ConsoleBlock) async throws {
        try await hold(block)
    }

    @Test(.needsRoot, arguments: blocks.filter { $0.place == .root })
    func `a command of root prints what the document shows`(block: ConsoleBlock) async throws {
        try await hold(block)
    }

    @Test(.needsRoot, arguments: ["README.md", "docs/host.md"])
    func `the commands of a host print what the document shows`(document: String) async throws {
        let blocks = Self.blocks.filter { $0.document == document && $0.place?.isHost == true }
        try #require(!blocks.isEmpty)
        let observed = try await HostTranscript(blocks: blocks).run(products: Self.products)
        for (block, observed) in zip(blocks, observed) {
            if Self.isRecording && observed != block.output { try block.record(observed) }
            #expect(observed == block.output, "\(block.testDescription)")
        }
    }

    @Test func `the published schema is that of the reader`() throws {
        let url = ConsoleBlock.root.appending(path: "docs/policy.schema.json")
        let published = try String(contentsOf: url, encoding: .utf8)
        let current = PolicySchema.json()
        if Self.isRecording { try current.write(to: url, atomically: true, encoding: .utf8) }
        #expect(published == current)
    }

    private func hold(_ block: ConsoleBlock) async throws {
        let observed = try await run(block.command)
        if Self.isRecording && observed != block.output { try block.record(observed) }
        #expect(observed == block.output, "\(block.testDescription)")
    }

    /// Runs a command of a document as a person would: a shell, at the root of the repository.
    private func run(_ command: String) async throws -> String {
        let script =
            "cd '\(ConsoleBlock.root.path)' && PATH='\(Self.products)':$PATH && { \(command)\n} 2>&1; true"
        return try await Tool(path: "/bin/sh").run(["-c", script], text: "")
    }

    /// Where the build put the program.
    private static let products = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path

    private static var isRecording: Bool {
        ProcessInfo.processInfo.environment["WALLWRIGHT_RECORD"] == "1"
    }
}
