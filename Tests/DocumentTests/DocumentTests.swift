import Foundation
import Kernel
import Policy
import SystemPackage
import TestSupport
import Testing

/// What the documents show is what happens. `WALLWRIGHT_RECORD=1` writes down what happens, and still fails.
@Suite struct DocumentTests {
    static let documents = ["README.md", "docs/policy.md", "docs/architecture.md", "Benchmarks/README.md"]

    static let blocks: [ConsoleBlock] = documents.flatMap { document in
        let url = ConsoleBlock.root.appending(path: document)
        return ConsoleBlock.all(in: document, text: (try? String(contentsOf: url, encoding: .utf8)) ?? "")
    }

    @Test func `the documents have commands`() {
        #expect(Self.blocks.contains { $0.document == "README.md" })
        #expect(Self.blocks.contains { $0.document == "docs/policy.md" })
    }

    @Test(arguments: blocks.filter { !$0.needsRoot })
    func `a command prints what the document shows`(block: ConsoleBlock) async throws {
        try await hold(block)
    }

    @Test(.needsRoot, arguments: blocks.filter(\.needsRoot))
    func `a command of root prints what the document shows`(block: ConsoleBlock) async throws {
        try await hold(block)
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
        if Self.isRecording && observed != block.output {
            let url = ConsoleBlock.root.appending(path: block.document)
            let text = try String(contentsOf: url, encoding: .utf8)
            let before = "$ \(block.command)\n\(block.output)"
            try text.replacing(before, with: "$ \(block.command)\n\(observed)", maxReplacements: 1)
                .write(to: url, atomically: true, encoding: .utf8)
        }
        #expect(observed == block.output, "\(block.testDescription)")
    }

    /// Runs a command of a document as a person would: a shell, at the root of the repository.
    private func run(_ command: String) async throws -> String {
        let products = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path
        let script =
            "cd '\(ConsoleBlock.root.path)' && PATH='\(products)':$PATH && { \(command)\n} 2>&1; true"
        return try await Tool(path: "/bin/sh").run(["-c", script], text: "")
    }

    private static var isRecording: Bool {
        ProcessInfo.processInfo.environment["WALLWRIGHT_RECORD"] == "1"
    }
}
