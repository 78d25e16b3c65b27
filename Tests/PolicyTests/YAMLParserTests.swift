import Diagnostics
import Testing

@testable import Policy

@Suite struct YAMLParserTests {
    private func root(_ text: String) throws -> YAMLNode {
        let (root, diagnostics) = YAMLParser.parse(SourceFile(name: "f", text: text))
        #expect(diagnostics.isEmpty)
        return try #require(root)
    }

    private func text(of range: SourceRange, in text: String) -> String {
        String(decoding: Array(text.utf8)[range.start..<range.end], as: UTF8.self)
    }

    @Test func rangesAreBytesAlsoBehindWideCharacters() throws {
        let source = "a: é防🔥\nb: {c: [x, \"ü\"]} # ü\nd:\n  - é\n  - last\n"
        let root = try root(source)
        let a = try #require(root.entry("a"))
        let b = try #require(root.entry("b"))
        let d = try #require(root.entry("d"))
        #expect(text(of: a.value.range, in: source) == "é防🔥")
        #expect(text(of: b.keyRange, in: source) == "b")
        #expect(text(of: b.value.range, in: source) == "{c: [x, \"ü\"]}")
        #expect(text(of: d.value.range, in: source) == "- é\n  - last")
    }

    /// More characters than one stride of the table that turns characters into bytes.
    @Test func rangesAreRightFarIntoATextOfWideCharacters() throws {
        let source = "a: \"" + String(repeating: "é", count: 1_000) + "\"\nb: here\n"
        let b = try #require(try root(source).entry("b"))
        #expect(text(of: b.value.range, in: source) == "here")
    }

    @Test(arguments: [
        ("~", YAMLScalar.Kind.null), ("null", .null), ("", .null), ("true", .boolean), ("FALSE", .boolean),
        ("yes", .string), ("no", .string), ("22", .integer), ("-5", .integer), ("0x1F", .integer),
        ("0o17", .integer),
        ("1.5", .float), ("1e3", .float), (".inf", .float), ("192.0.2.5", .string), ("1-2", .string),
        ("5/minute", .string), ("2001:db8::", .string), ("0xyz", .string), ("-", .string), ("+-1", .string),
        ("nan", .string), ("1,2", .string),
    ])
    func plainScalarsHaveTheTypesOfTheCoreSchema(_ text: String, _ kind: YAMLScalar.Kind) {
        #expect(YAMLScalar(text, .plain).kind == kind)
        #expect(YAMLScalar(text, .quoted).kind == .string)
    }

    @Test func aMarkOfByteOrderIsNoPartOfTheText() throws {
        let root = try root("\u{FEFF}wallwright: 1\n")
        let entry = try #require(root.entry("wallwright"))
        #expect(entry.keyRange == SourceRange(3, 13))
    }

    @Test func thirtyTwoLevelsAreRead() throws {
        _ = try root(String(repeating: "[", count: 32) + String(repeating: "]", count: 32))
        let deeper = String(repeating: "[", count: 33) + String(repeating: "]", count: 33)
        let (node, diagnostics) = YAMLParser.parse(SourceFile(name: "f", text: deeper))
        #expect(node == nil)
        #expect(diagnostics.map(\.code) == ["policy.yaml.depth"])
        #expect(diagnostics.first?.primary?.range == SourceRange(32, 33))
    }

    /// libyaml must not be let loose on all of it: that would take minutes, and the run would end by its limit.
    @Test(arguments: ["[", "{", "- ", "? ", "[\n", "{a: ", "[{"])
    func tenMegabytesOfNestingAreRefused(_ unit: String) {
        let text = String(repeating: unit, count: 10_000_000 / unit.utf8.count)
        let (node, diagnostics) = YAMLParser.parse(SourceFile(name: "f", text: text))
        #expect(node == nil)
        #expect(["policy.yaml.depth", "policy.yaml.key"].contains(diagnostics.first?.code))
    }

    @Test func aPolicyAboveTheLimitIsRefused() {
        let bytes = [UInt8](repeating: UInt8(ascii: " "), count: SourceChecks.largestPolicy + 1)
        let diagnostics = YAMLParser.parse(SourceFile(name: "f", bytes: bytes)).diagnostics
        #expect(diagnostics.map(\.code) == ["policy.file.size"])
    }

    @Test(
        arguments: [
            ([0x61, 0x80], 1), ([0xC0, 0x80], 0), ([0xC3], 0), ([0xE0, 0x80, 0x80], 0),
            ([0xED, 0xA0, 0x80], 0),
            ([0xF4, 0x90, 0x80, 0x80], 0), ([0xC3, 0xA9, 0xFF], 2), ([0xE2, 0x82, 0x41], 0),
        ] as [([UInt8], Int)]
    )
    func whatIsNotUTF8IsFound(_ bytes: [UInt8], _ offset: Int) {
        #expect(SourceChecks.firstInvalidUTF8(in: bytes) == offset)
    }

    @Test func everyScalarIsValidUTF8() {
        let scalars = (0...0x10FFFF).lazy.filter { $0 % 97 == 0 }.compactMap(Unicode.Scalar.init)
        let bytes = scalars.flatMap { Array(String($0).utf8) }
        #expect(SourceChecks.firstInvalidUTF8(in: Array(bytes)) == nil)
    }
}
