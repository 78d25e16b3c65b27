/// Cuts a line into the words for `read`.
struct LineCutter {
    let separators: [UInt8]
    let isRaw: Bool

    private enum Piece {
        case byte(UInt8)
        /// It is what a backslash stands before, or not known: it parts nothing.
        case kept(ShellText)
    }

    private func pieces(_ line: ShellText) -> [Piece] {
        var pieces: [Piece] = []
        var isEscaped = false
        line.forEachPiece { byte, unknown in
            if let unknown { pieces.append(.kept(ShellText(unknown: unknown))) }
            guard let byte else { return }
            if isEscaped {
                pieces.append(.kept(ShellText([byte])))
                isEscaped = false
            } else if byte == UInt8(ascii: "\\"), !isRaw {
                isEscaped = true
            } else {
                pieces.append(.byte(byte))
            }
        }
        return pieces
    }

    private func isBlank(_ piece: Piece) -> Bool {
        guard case .byte(let byte) = piece else { return false }
        return separators.contains(byte) && FieldBuilder.usual.contains(byte)
    }

    private func isMark(_ piece: Piece) -> Bool {
        guard case .byte(let byte) = piece else { return false }
        return separators.contains(byte) && !FieldBuilder.usual.contains(byte)
    }

    private func text(_ pieces: ArraySlice<Piece>) -> ShellText {
        var text = ShellText()
        for piece in pieces {
            switch piece {
            case .byte(let byte): text.append(byte)
            case .kept(let kept): text.append(kept)
            }
        }
        return text
    }

    /// The line as it is, but for backslashes.
    func whole(_ line: ShellText) -> ShellText { text(pieces(line)[...]) }

    /// At most so many; the last one is all that is left.
    func fields(_ line: ShellText, most: Int) -> [ShellText] {
        var rest = pieces(line)[...]
        var fields: [ShellText] = []
        dropBlanks(&rest)
        while !rest.isEmpty {
            guard fields.count + 1 < most else {
                fields.append(last(rest))
                break
            }
            fields.append(takeField(&rest))
        }
        return fields
    }

    private func dropBlanks(_ rest: inout ArraySlice<Piece>) { rest = rest.drop { isBlank($0) } }

    /// The first word with what ends it: blanks, and among them one mark.
    private func takeField(_ rest: inout ArraySlice<Piece>) -> ShellText {
        let field = rest.prefix { !isBlank($0) && !isMark($0) }
        rest = rest.dropFirst(field.count)
        dropBlanks(&rest)
        if let first = rest.first, isMark(first) {
            rest.removeFirst()
            dropBlanks(&rest)
        }
        return text(field)
    }

    /// All that is left, without blanks at its end; a mark at the end of a single word goes too.
    private func last(_ rest: ArraySlice<Piece>) -> ShellText {
        var end = rest
        let field = takeField(&end)
        if end.isEmpty { return field }
        var whole = rest
        while let piece = whole.last, isBlank(piece) { whole.removeLast() }
        return text(whole)
    }
}
