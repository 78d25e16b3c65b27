import Diagnostics
import Netfilter
import PacketModel
import Policy

/// A look-up of packets in the pieces of one shape.
struct Lookup {
    var shape: Shape
    /// What is asked besides interfaces and protocol.
    var conditions: [Condition]
    var statements: [Statement] = []
    var verdict: Verdict
    var comment: String?
}

extension NftablesLowering {
    /// A line with more pieces than this counts in a chain of its own, not at each piece.
    private static let mostCountedPieces = 64
    /// Sets larger than this name the line of an element without repeating what the line says.
    private static let mostTitledElements = 100

    /// Makes the sets of these lines; `inline` is the verdict of lines that need no chain of their own.
    mutating func register(
        _ lines: [PolicyLine],
        name: String,
        inline: Verdict,
        _ direction: Direction
    ) throws(Diagnostic) -> [Lookup] {
        let tables = try cut(lines)
        var sizes: [Int: Int] = [:]
        for table in tables { for piece in table.pieces { sizes[piece.owner, default: 0] += 1 } }
        var chainsOfLines: [Int: Verdict] = [:]
        for (owner, line) in lines.enumerated() {
            let isLarge = sizes[owner, default: 0] > Self.mostCountedPieces
            guard isLarge || line.log != nil || line.rejects else { continue }
            let chain = "\(name)_line_\(chainsOfLines.count + 1)"
            add(chain, lineRules(line, direction))
            chainsOfLines[owner] = line.action == .deny ? .jump(chain) : .goto(chain)
        }
        return lookups(tables, lines, name: name, inline: inline, chainsOfLines: chainsOfLines)
    }

    func cut(_ lines: [PolicyLine]) throws(Diagnostic) -> [PieceTable] {
        do {
            return try Cutting.cut(lines)
        } catch {
            throw Diagnostic(
                code: "policy.pieces.many",
                "the lines overlap in more than \(Cutting.mostPieces) ways",
                notes: ["the addresses of one line times its services count, each pair once"],
                fix: "give lists of many addresses fewer services, or `any`"
            )
        }
    }

    /// Makes the sets of these tables: lines with a chain of their own in maps to it, the others in plain sets.
    mutating func lookups(
        _ tables: [PieceTable],
        _ lines: [PolicyLine],
        name: String,
        inline: Verdict?,
        chainsOfLines: [Int: Verdict]
    ) -> [Lookup] {
        var result: [Lookup] = []
        for table in tables {
            let part = table.part > 0 ? "_part\(table.part + 1)" : ""
            let setName = "\(name)\(table.shape.nameSuffix(among: tables))\(part)"
            let own = table.pieces.filter { chainsOfLines[$0.owner] != nil }
            if let inline {
                var counted = table
                counted.pieces.removeAll { chainsOfLines[$0.owner] != nil }
                result += plain(counted, lines, name: setName, verdict: inline)
            }
            result += mapped(own, table.shape, lines, name: setName, chainsOfLines)
        }
        return result
    }

    private mutating func plain(
        _ table: PieceTable,
        _ lines: [PolicyLine],
        name: String,
        verdict: Verdict
    ) -> [Lookup] {
        let (shape, pieces) = (table.shape, table.pieces)
        if shape.isPlainTypes || shape.fields.isEmpty {
            return pieces.flatMap { piece in
                piece.members.wholeOrWithinType(shape).map { members in
                    Lookup(
                        shape: shape,
                        conditions: shape.isPlainTypes
                            ? [.field(.icmpTypeAndCode, in: IntervalSet([members.asFieldValues]))] : [],
                        statements: [.counter],
                        verdict: verdict,
                        comment: policy.comment(lines[piece.owner].origin)
                    )
                }
            }
        }
        return SetContents.split(pieces, shape, name: name, keeping: table.kept).map { contents in
            let (name, pieces) = (contents.name, contents.pieces)
            var set = NamedSet(
                name,
                family: shape.addressFamily,
                fields: shape.fields,
                hasCounters: true,
                prefixLength: contents.prefixLength,
                hasIntervals: contents.isKept && contents.hasRanges,
                mayGrow: contents.isKept
            )
            let isTitled = pieces.count <= Self.mostTitledElements
            for piece in pieces {
                let origin = lines[piece.owner].origin
                let comment = isTitled ? policy.comment(origin) : policy.place(origin)
                for key in piece.keys(shape) { set.append(key, NamedSet.Attributes(comment: comment)) }
            }
            sets.append(set)
            return Lookup(shape: shape, conditions: [.member(shape.fields, of: name)], verdict: verdict)
        }
    }

    private mutating func mapped(
        _ pieces: [Piece],
        _ shape: Shape,
        _ lines: [PolicyLine],
        name: String,
        _ chainsOfLines: [Int: Verdict]
    ) -> [Lookup] {
        if shape.fields.isEmpty {
            return pieces.compactMap { piece in
                chainsOfLines[piece.owner].map { Lookup(shape: shape, conditions: [], verdict: $0) }
            }
        }
        var result: [Lookup] = []
        for contents in SetContents.split(pieces, shape, name: name) {
            let pieces = contents.pieces
            let verdicts = Set(pieces.compactMap { chainsOfLines[$0.owner] })
            let isMap = verdicts.count > 1
            let setName = "\(contents.name)_lines"
            var set = NamedSet(
                setName,
                family: shape.addressFamily,
                fields: shape.fields,
                isMap: isMap,
                prefixLength: contents.prefixLength
            )
            var registered: [Int: Int32] = [:]
            for piece in pieces {
                let attributes: Int32
                if let known = registered[piece.owner] {
                    attributes = known
                } else {
                    let isTitled = pieces.count <= Self.mostTitledElements
                    attributes = set.register(
                        NamedSet.Attributes(
                            verdict: isMap ? chainsOfLines[piece.owner] : nil,
                            comment: isTitled ? policy.comment(lines[piece.owner].origin) : nil
                        )
                    )
                    registered[piece.owner] = attributes
                }
                for key in piece.keys(shape) { set.append(key, attributeIndex: attributes) }
            }
            sets.append(set)
            if isMap {
                result.append(
                    Lookup(shape: shape, conditions: [], verdict: .lookup(shape.fields, map: setName))
                )
            } else if let verdict = verdicts.first {
                result.append(
                    Lookup(shape: shape, conditions: [.member(shape.fields, of: setName)], verdict: verdict)
                )
            }
        }
        return result
    }
}
