import Diagnostics
import Testing

@Suite struct RendererTests {
    private static let source = SourceFile(
        name: "policy.yaml",
        text: "wallwright: 1\ninbound:\n  - allow: tcp/90-80\n"
    )

    private static let emptyRange = Diagnostic(
        code: "policy.port.range",
        "the port range is empty",
        at: .init(source, SourceRange(38, 43), "the upper bound is below the lower bound"),
        also: [.init(source, SourceRange(14, 21), "in this list")],
        notes: ["ports are 1 to 65535"],
        fix: "write tcp/80-90"
    )

    @Test func theTerminalShowsTheLineWithCaretsUnderThePlace() {
        let expected = """
            error[policy.port.range]: the port range is empty
             --> policy.yaml:3:16
            3 |   - allow: tcp/90-80
              |                ^^^^^ the upper bound is below the lower bound
             --> policy.yaml:2:1
            2 | inbound:
              | ------- in this list
            note: ports are 1 to 65535
            fix: write tcp/80-90

            """
        #expect(TerminalRenderer(usesColour: false).render(Self.emptyRange) == expected)
    }

    @Test func colourChangesNothingButTheColour() {
        let rendered = TerminalRenderer(usesColour: true).render(Self.emptyRange)
        let coloured = DisplayText.output(of: rendered)
        #expect(coloured.contains("\u{1B}[1;31merror[policy.port.range]\u{1B}[0m"))
        let plain = coloured.replacing(/\x1B\[[0-9;]*m/, with: "")
        #expect(plain == TerminalRenderer(usesColour: false).render(Self.emptyRange))
    }

    @Test func aDiagnosticWithoutAPlaceIsItsMessage() {
        let text = TerminalRenderer(usesColour: false).render(
            Diagnostic(.warning, code: "a.b", "nothing is here")
        )
        #expect(text == "warning[a.b]: nothing is here\n")
    }

    @Test(arguments: [
        ("\tab", SourceRange(1, 3), "1 |     ab\n  |     ^^\n"),
        ("é防x", SourceRange(5, 6), "1 | é防x\n  |    ^\n"),
        ("e\u{301}x", SourceRange(3, 4), "1 | e\u{301}x\n  |  ^\n"),
        ("a\u{1B}[31mb", SourceRange(6, 7), "1 | a␛[31mb\n  |       ^\n"),
        ("a\u{202E}b", SourceRange(4, 5), "1 | a\u{FFFD}b\n  |   ^\n"),
        ("", SourceRange(0, 0), "1 |\n  | ^\n"),
        ("ab\ncd", SourceRange(1, 5), "1 | ab\n  |  ^\n"),
    ])
    func caretsStandUnderWhatIsShown(_ text: String, _ range: SourceRange, _ expected: String) {
        let label = Diagnostic.Label(SourceFile(name: "f", text: text), range)
        let rendered = TerminalRenderer(usesColour: false).render(Diagnostic(code: "a.b", "c", at: label))
        #expect(rendered.hasSuffix(expected))
    }

    @Test func controlsInMessagesAreShownNotObeyed() {
        let rendered = TerminalRenderer(usesColour: false).render(Diagnostic(code: "a.b", "say \u{1B}[2J"))
        #expect(rendered == "error[a.b]: say ␛[2J\n")
    }

    @Test func aLongLineIsCutAroundThePlace() {
        let text = String(repeating: "é", count: 10_000) + "X" + String(repeating: "y", count: 10_000)
        let label = Diagnostic.Label(SourceFile(name: "f", text: text), SourceRange(20_000, 20_001))
        let rendered = TerminalRenderer(usesColour: false).render(Diagnostic(code: "a.b", "c", at: label))
        #expect(rendered.count < 400)
        #expect(!rendered.contains("\u{FFFD}"))
    }

    @Test func jsonHasStableKeysAndCountsFromOne() {
        let expected = """
            [
              {
                "code": "policy.port.range",
                "severity": "error",
                "message": "the port range is empty",
                "file": "policy.yaml",
                "line": 3,
                "column": 16,
                "endLine": 3,
                "endColumn": 21,
                "labels": [
                  {
                    "message": "the upper bound is below the lower bound",
                    "file": "policy.yaml",
                    "line": 3,
                    "column": 16,
                    "endLine": 3,
                    "endColumn": 21
                  },
                  {
                    "message": "in this list",
                    "file": "policy.yaml",
                    "line": 2,
                    "column": 1,
                    "endLine": 2,
                    "endColumn": 8
                  }
                ],
                "notes": ["ports are 1 to 65535"],
                "fix": "write tcp/80-90",
                "fixSafety": null,
                "edits": []
              }
            ]

            """
        #expect(JSONRenderer.render([Self.emptyRange]) == expected)
    }

    @Test func jsonEscapesWhatMustBe() {
        #expect(JSONValue.string("a\"\\\n\t\u{1}é").prettyPrinted == #""a\"\\\n\t\u0001é""#)
    }

    @Test func noDiagnosticsAreAnEmptyArray() {
        #expect(JSONRenderer.render([]) == "[]\n")
    }

    @Test func anAbsentPlaceIsNull() {
        let object = JSONRenderer.object(Diagnostic(code: "a.b", "c"))
        #expect(object["line"] == .null)
        #expect(object["fix"] == .null)
    }
}
