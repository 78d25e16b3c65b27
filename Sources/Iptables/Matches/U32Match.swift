/// `u32`: numbers of four bytes anywhere in the packet (iptables-extensions(8)).
enum U32Match: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "u32",
            .match,
            options: [OptionSyntax("u32", program, mandatory: true, invertible: true)],
            examples: [
                "-m u32 --u32 \"0x0>>0x16&0x3c@0x0&0xff=0x1,0x2:0x3\"",
                "-m u32 ! --u32 \"6&0xFF=1 && 0>>22&0x3C@0>>24=0\"",
            ]
        )
    ]

    private static let program = ValueSyntax(
        samples: [
            "0=0", "\"0x0>>0x16&0x3c@0x0&0xff=0x1,0x2:0x3\"", "\" 4 & 0xFFFF = 0x100 : 0xFFFF \"",
            "\"6&0xFF=1&&4&0x3FFF=0&&0>>22&0x3C@0>>24=0\"", "0<<1=010", "0<<31=1", "0<<32=1", "0>>0x20=1",
            "0=5:3", "0=1,1", "0=4294967295",
            "0=4294967296", "0@4@8=1", "0=+1", "0=-1", "0", "0=", "=1", "0&=1", "\"0&&1\"", "0=1&2", "0=1&&",
            "\"0=1 2\"", "0=1,", "0=,1", "0=1:", "0=:1", "0<1=1", "0>1=1", "0|1=1", "0=1,2,3,4,5,6,7,8,9,10",
            "0=1,2,3,4,5,6,7,8,9,10,11", "0&1&2&3&4&5&6&7&8&9=0", "0&1&2&3&4&5&6&7&8&9&10=0",
            [String](repeating: "0=0", count: 10).joined(separator: "&&"),
            [String](repeating: "0=0", count: 11).joined(separator: "&&"), "0x=1", "08=1", "x", "",
        ],
        read: { words, _ throws(Refusal) in .text(Array(try U32Program(words[0].bytes).description.utf8)) },
        write: { [Ascii.quote] + $0.bytes + [Ascii.quote] }
    )
}
