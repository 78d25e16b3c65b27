import Foundation
import Testing

/// docs/architecture.md says of the house what Package.swift and the files say.
@Suite struct ArchitectureDocumentTests {
    /// The targets of the package that are rooms, and what each depends on, in the order of the manifest.
    static let rooms: [(name: String, dependencies: Set<String>)] = {
        let targets = text(of: "Package.swift").components(separatedBy: "\n        .").filter {
            $0.hasPrefix("target(") || $0.hasPrefix("executableTarget(")
        }
        let named = targets.compactMap { body in
            body.firstMatch(of: /name: "(\w+)"/).map { (String($0.1), body) }
        }
        let names = Set(named.map(\.0)).subtracting(["TestSupport"])
        return named.filter { names.contains($0.0) }.map { name, body in
            let list =
                body.firstMatch(of: /dependencies: \[(.*?)\],\n? *swiftSettings/.dotMatchesNewlines())?.1
                ?? ""
            let modules = list.replacing(/\.product\(name: "\w+"/, with: "").matches(of: /"(\w+)"/)
            return (name, Set(modules.map { String($0.1) }).intersection(names))
        }
    }()

    static let document = text(of: "docs/architecture.md")

    static func text(of path: String) -> String {
        (try? String(contentsOf: ConsoleBlock.root.appending(path: path), encoding: .utf8)) ?? ""
    }

    /// The arrows of the drawing.
    static let arrows: [String: Set<String>] = document.matches(of: /(?m)^ +(\w+) --> (\w+)$/)
        .reduce(into: [:]) { $0[String($1.1), default: []].insert(String($1.2)) }

    /// Where the arrows lead from a room, directly or through others.
    static func reached(from room: String) -> Set<String> {
        var (found, open): (Set<String>, [String]) = ([], [room])
        while let next = open.popLast() {
            for other in arrows[next] ?? [] where found.insert(other).inserted { open.append(other) }
        }
        return found
    }

    @Test func `the rooms are those of the package`() {
        #expect(Self.rooms.count >= 10)
        for (index, room) in Self.rooms.enumerated() {
            let above = Set(Self.rooms[..<index].map(\.name))
            #expect(room.dependencies.isSubset(of: above), "\(room.name) comes before what it imports")
            let descriptions = Self.document.matches(of: /(?m)^\*\*(\w+)\*\*/).filter { $0.1 == room.name }
            #expect(descriptions.count == 1, "\(room.name) is described \(descriptions.count) times")
        }
    }

    @Test func `the arrows lead to what a room imports and nowhere else`() {
        for room in Self.rooms {
            let reached = Self.reached(from: room.name)
            #expect(room.dependencies.isSubset(of: reached), "arrows are missing from \(room.name)")
            for target in Self.arrows[room.name] ?? [] {
                #expect(room.dependencies.contains(target), "\(room.name) does not import \(target)")
            }
        }
        #expect(Set(Self.arrows.keys).isSubset(of: Self.rooms.map(\.name)))
    }

    /// What knows the kernel knows no policy: the compiler is between them.
    @Test func `no room that knows the kernel imports the language of policies`() {
        for room in Self.rooms where room.dependencies.contains("CKernel") {
            #expect(!room.dependencies.contains("Policy"), "\(room.name) imports Policy")
        }
    }

    /// A sample is the beginning of a line of the document that names its file, and all of that file but its imports.
    @Test func `the samples are the files`() throws {
        let samples = Self.document.matches(
            of: /`(Sources\/[^`]+\.swift)`, all of it:\n\n```swift\n(.*?)```/.dotMatchesNewlines()
        )
        try #require(!samples.isEmpty)
        for sample in samples {
            let file = Self.text(of: String(sample.1)).replacing(/(?m)^(package )?import \w+\n+/, with: "")
            #expect(String(sample.2) == file, "\(sample.1) differs from its sample")
        }
    }
}
