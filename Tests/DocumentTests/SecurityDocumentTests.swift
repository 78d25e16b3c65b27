import Foundation
import Testing

/// Each line of docs/security.md names the tests that show it, and these are there.
@Suite struct SecurityDocumentTests {
    /// A line of a table: what it says, and the tests in its last cell, each as the name of its file and of its function.
    struct Claim: Sendable, CustomTestStringConvertible {
        let line: Int
        let text: String
        let tests: [String]

        var testDescription: String { "docs/security.md:\(line) \(text)" }
    }

    static let claims: [Claim] = {
        let url = ConsoleBlock.root.appending(path: "docs/security.md")
        let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
        return text.components(separatedBy: "\n").enumerated().compactMap { index, line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard line.hasPrefix("| "), cells.count > 1, let last = cells.last, last != "shown by" else {
                return nil
            }
            let tests = last.split(separator: ",").map {
                $0.trimmingCharacters(in: CharacterSet(charactersIn: " `"))
            }
            return Claim(line: index + 1, text: cells[0], tests: tests)
        }
    }()

    /// The functions of every file of tests, by `File.function`.
    static let known: Set<String> = {
        let folder = ConsoleBlock.root.appending(path: "Tests")
        guard let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else {
            return []
        }
        var known: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let name = file.deletingPathExtension().lastPathComponent
            let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
            for match in text.matches(of: /func `?([^`(]+)`?\(/) { known.insert("\(name).\(match.1)") }
        }
        return known
    }()

    @Test func `the document makes claims`() {
        #expect(Self.claims.count >= 40)
    }

    @Test(arguments: claims)
    func `what the document claims has its test`(claim: Claim) {
        for test in claim.tests {
            let isThere = Self.known.contains(test)
            #expect(isThere, "\(test) is no test; \(claim.testDescription)")
        }
    }
}
