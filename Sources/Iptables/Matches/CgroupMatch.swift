/// `cgroup`: the control group of the socket (iptables-extensions(8)); the group is taken to be there.
enum CgroupMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "cgroup",
            .match,
            options: [
                OptionSyntax("path", path, invertible: true, excludes: ["cgroup"]),
                OptionSyntax("cgroup", .number(0...UInt64(UInt32.max)), invertible: true, excludes: ["path"]),
            ],
            hooks: [.input, .output, .postrouting],
            oneOf: ["cgroup", "path"],
            examples: ["-m cgroup --cgroup 1048577", "-m cgroup ! --path /"]
        )
    ]

    /// Below the root of the version 2; nothing is the root itself.
    private static let path = ValueSyntax.text(atLeast: 0, kept: 511).tried(with: ["/", "\"\"", "//"])
}
