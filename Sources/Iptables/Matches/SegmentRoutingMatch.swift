import PacketModel

/// `srh`: the header of segment routing (iptables-extensions(8)).
enum SegmentRoutingMatch: MatchExtension {
    private static let fields = ["hdr-len", "segs-left", "last-entry"]
    private static let comparisons = ["eq", "gt", "lt"]

    static let syntaxes = [
        ExtensionSyntax(
            "srh",
            .match,
            families: [.ipv6],
            options: [OptionSyntax("srh-next-hdr", .number(0...255), invertible: true)]
                + fields.flatMap { field in
                    comparisons.map { OptionSyntax("srh-\(field)-\($0)", .number(0...255), invertible: true) }
                } + [OptionSyntax("srh-tag", .number(0...65_535), invertible: true)]
                + ["psid", "nsid", "lsid"].map { OptionSyntax("srh-\($0)", segment, invertible: true) },
            complete: { instance, _ throws(Refusal) in
                for field in fields { shareLastNumber(&instance, field) }
            },
            examples: [
                "-m srh --srh-segs-left-eq 1 --srh-last-entry-eq 2", "-m srh --srh-psid 2001:db8::/64",
            ]
        )
    ]

    /// The kernel's structure has one number for all comparisons of a field: the last.
    private static func shareLastNumber(_ instance: inout ExtensionInstance, _ field: String) {
        let places = comparisons.map { instance.syntax.place("srh-\(field)-\($0)") }
        guard let last = instance.given.last(where: { places.contains($0.option) }) else { return }
        for place in instance.given.indices where places.contains(instance.given[place].option) {
            instance.given[place].value = last.value
        }
    }

    /// An address with the length of its mask, always printed; a mask with holes is one address.
    private static let segment = ValueSyntax(
        samples: ["2001:db8::/64"] + ValueSyntax.looseNetwork.samples,
        read: ValueSyntax.looseNetwork.read,
        write: { value in
            guard case .network(let address, let mask) = value else { return [] }
            let length = AddressText.length(of: mask, .ipv6) ?? address.family.addressWidth
            return Array("\(address)/\(length)".utf8)
        }
    )
}
