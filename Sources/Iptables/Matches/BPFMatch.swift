/// `bpf`: a program of the classic packet filter (iptables-extensions(8)); an object is taken to be there.
enum BPFMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "bpf",
            .match,
            options: [
                OptionSyntax("bytecode", bytecode, excludes: ["object-pinned"]),
                OptionSyntax("object-pinned", object),
            ],
            oneOf: ["bytecode", "object-pinned"],
            examples: ["-m bpf --bytecode \"4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0\""]
        )
    ]

    private static let bytecode = ValueSyntax(
        samples: [
            "\"4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0\"", "\"1,6 0 0 1\"", "\"1,6 0 0 1,\"", "\"1,22 0 0 0\"",
            "\" 1,  6  0 0 4294967295 x\"", "\"65537,262 256 0 4294967297\"", "\"2,6 0 0 1\"",
            "\"1,6 0 0 1,6 0 0 0\"", "\"0,6 0 0 1\"", "\"65,6 0 0 1\"", "\"1 ,6 0 0 1\"", "\"1,6 0 0\"",
            "\"1,0x6 0 0 1\"",
            "\"1,6,0,0,1\"", "1", "\"x,6 0 0 1\"", "\"\"", "\"-65535,6 0 0 1\"",
            // What the kernel refuses.
            "\"1,48 0 0 9\"", "\"2,21 1 0 6,6 0 0 1\"", "\"2,5 0 0 1,6 0 0 1\"", "\"2,5 0 0 0,6 0 0 1\"",
            "\"2,52 0 0 0,6 0 0 1\"", "\"2,148 0 0 0,6 0 0 1\"", "\"2,52 0 0 3,6 0 0 1\"",
            "\"2,60 0 0 0,6 0 0 1\"",
            "\"2,100 0 0 32,6 0 0 1\"", "\"2,116 0 0 31,6 0 0 1\"", "\"2,96 0 0 0,6 0 0 1\"",
            "\"3,2 0 0 0,96 0 0 0,6 0 0 1\"", "\"2,2 0 0 16,6 0 0 1\"", "\"2,255 0 0 0,6 0 0 1\"",
            "\"2,32 0 0 4294963200,6 0 0 1\"", "\"2,48 0 0 4294963260,6 0 0 1\"",
            "\"2,48 0 0 4294963261,6 0 0 1\"",
            "\"2,48 0 0 4294963264,6 0 0 1\"", "\"5,48 0 0 0,21 0 1 6,2 0 0 3,96 0 0 3,6 0 0 1\"",
            "\"5,2 0 0 3,48 0 0 0,21 0 0 6,96 0 0 3,6 0 0 1\"", "\"2,177 0 0 0,6 0 0 1\"",
            "\"2,300 0 0 0,6 0 0 1\"",
            "\"3,7 0 0 0,135 0 0 0,6 0 0 1\"", "\"2,132 0 0 0,6 0 0 1\"", "\"2,23 0 0 0,6 0 0 1\"",
        ],
        read: { words, _ throws(Refusal) in .text(Array(try BPFProgram(words[0].bytes).description.utf8)) },
        write: { [Ascii.quote] + $0.bytes + [Ascii.quote] }
    )

    /// The path of a program in the file system of BPF; it has no samples, because none is there.
    private static let object = ValueSyntax(
        samples: [],
        read: { words, _ throws(Refusal) in .text(Array(words[0].bytes.prefix(511))) },
        write: { $0.bytes }
    )
}
