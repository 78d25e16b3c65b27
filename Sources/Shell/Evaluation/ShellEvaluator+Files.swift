import Diagnostics

/// What the script itself makes of a place on the disk.
enum ShellFile {
    case text(ShellText)
    case folder
    case absent
}

/// Files that the script writes, by their places: a place that nobody knows is still one place where the same unknown
/// stands in it (`/tmp/rules.$$`).
extension ShellEvaluator {
    /// From the root, or from where the script began; nil when the same words may be another place.
    func place(_ path: ShellText) -> ShellText? {
        guard path.gaps.allSatisfy(\.unknown.isSame), !path.isEmpty else { return nil }
        var path = path
        while path.bytes.starts(with: "./".utf8), path.gaps.first?.offset ?? 2 >= 2 { path.dropFirst(2) }
        var whole = path
        let isAbsolute = path.bytes.first == UInt8(ascii: "/") && (path.gaps.first?.offset ?? 1) > 0
        if !isAbsolute, !state.folder.isEmpty {
            guard state.folder.gaps.allSatisfy(\.unknown.isSame) else { return nil }
            whole = state.folder
            whole.append(UInt8(ascii: "/"))
            whole.append(path)
        }
        guard let known = whole.knownString else { return whole }
        return ShellText(Self.plainPath(known))
    }

    /// Without `.`, `..` and doubled slashes.
    private static func plainPath(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else {
                parts.append(part)
            }
        }
        return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }

    mutating func changeFolder(_ path: ShellText?) {
        guard let path, path.knownString != "-", path.bytes.first != UInt8(ascii: "-"),
            let place = place(path)
        else {
            state.folder = ShellText(unknown: Unknown("$PWD", run: nextRun()))
            return
        }
        state.folder = place
    }

    func file(_ path: ShellText) -> ShellFile? {
        guard !files.isEmpty else { return nil }
        return place(path).flatMap { files[$0] }
    }

    /// What the script itself wrote there; else nobody knows.
    func contents(of path: ShellText) -> ShellText {
        if path.isKnown, path.bytes.elementsEqual("/dev/null".utf8) { return ShellText() }
        switch file(path) {
        case .text(let text): return text
        case .folder, .absent: return ShellText()
        case nil: return ShellText(unknown: Unknown(path.shown))
        }
    }

    /// Those of the files that words name.
    func contentsOfFiles(_ words: [ShellText]) -> [Int: ShellText] {
        guard !files.isEmpty else { return [:] }
        var found: [Int: ShellText] = [:]
        for (number, word) in words.enumerated().dropFirst() {
            if case .text(let text) = file(word) { found[number] = text }
        }
        return found
    }

    mutating func put(
        _ text: ShellText,
        in path: ShellText,
        isAppending: Bool = false,
        _ range: SourceRange? = nil
    ) {
        if path.isKnown, path.bytes.elementsEqual("/dev/null".utf8) { return }
        if let place = place(path) {
            var whole = ShellText()
            if isAppending { whole = contents(of: path) }
            whole.append(text)
            files[place] = .text(whole)
        }
        decisions.change([path.shown])
        let range = range ?? self.range
        runner.write(text, to: path, by: invocation([ShellText(">"), path], [range, range], range))
    }

    /// What a test of a file says; nil when the host says it.
    func judgeFile(_ operation: String, _ path: ShellText) -> Bool? {
        guard let file = file(path) else { return nil }
        switch (operation, file) {
        case ("-e", .text), ("-f", .text), ("-r", .text), ("-w", .text), ("-e", .folder), ("-d", .folder),
            ("-r", .folder), ("-w", .folder), ("-x", .folder):
            return true
        case ("-d", .text), ("-f", .folder), ("-L", .text), ("-h", .text): return false
        case ("-s", .text(let text)):
            return !text.bytes.isEmpty ? true : text.isKnown ? false : nil
        case ("-e", .absent), ("-f", .absent), ("-d", .absent), ("-r", .absent), ("-w", .absent),
            ("-x", .absent), ("-s", .absent), ("-L", .absent), ("-h", .absent):
            return false
        default: return nil
        }
    }

    /// Programs that make, move and remove files: whether it is one, and what it does is known.
    mutating func runFileTool(_ name: Substring, _ arguments: ArraySlice<ShellText>) -> Bool {
        let options = arguments.compactMap(\.knownString).filter { $0.hasPrefix("-") && $0.count > 1 }
        let paths = arguments.filter { $0.bytes.first != UInt8(ascii: "-") || !$0.isKnown }
        switch name {
        case "mktemp": return makeTemporary(options, paths)
        case "touch":
            guard options.isEmpty else { return false }
            for path in paths {
                if case .text = file(path) { continue }
                // It may have been there, with something in it.
                let isNew = if case .absent = file(path) { true } else { false }
                let text = isNew ? ShellText() : ShellText(unknown: Unknown(path.shown))
                put(text, in: path)
            }
        case "mkdir":
            guard options.allSatisfy({ $0 == "-p" }), options.count == 1 || paths.count == 1 else {
                return false
            }
            for path in paths {
                decisions.change([path.shown])
                if let place = place(path) { files[place] = .folder }
            }
            // Without `-p` it may be there, or there may be no place for it.
            if options.isEmpty { return false }
        case "rm", "unlink":
            for path in paths { remove(path) }
            // Without `-f` it tells whether the file was there.
            if !options.contains(where: { $0.contains("f") }) { return false }
        case "cp", "mv", "install":
            guard paths.count == 2, let from = paths.first, let to = paths.last, name != "install" else {
                return false
            }
            if case .folder = file(to) { return false }
            let isWritten = if case .text = file(from) { true } else { false }
            put(contents(of: from), in: to)
            if name == "mv" { remove(from) }
            if !isWritten { return false }
        default: return false
        }
        status = .success
        return true
    }

    private mutating func remove(_ path: ShellText) {
        decisions.change([path.shown])
        guard let place = place(path) else { return }
        var folder = place
        folder.append(UInt8(ascii: "/"))
        for name in files.keys where name.bytes.starts(with: folder.bytes) { files[name] = .absent }
        // A pattern stands for files that are not known.
        guard !place.bytes.contains(where: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }) else {
            return
        }
        files[place] = .absent
    }

    /// A new file whose name nobody knows.
    private mutating func makeTemporary(_ options: [String], _ words: [ShellText]) -> Bool {
        guard options.allSatisfy({ ["-d", "-t", "-q", "-u", "-dt", "-td"].contains($0) }), words.count <= 1
        else { return false }
        var path = words.first ?? ShellText("tmp.XXXXXXXXXX")
        if words.isEmpty || options.contains(where: { $0.contains("t") }) {
            var whole = ShellText("/tmp/")
            whole.append(path)
            path = whole
        }
        guard let end = path.bytes.lastIndex(of: UInt8(ascii: "X")), path.isKnown else { return false }
        let start = path.bytes[...end].lastIndex { $0 != UInt8(ascii: "X") }.map { $0 + 1 } ?? 0
        var name = ShellText(Array(path.bytes[..<start]))
        name.append(Unknown(String(repeating: "X", count: end + 1 - start), run: nextRun()))
        name.append(path.bytes[(end + 1)...])
        if let place = place(name), !options.contains("-u") {
            files[place] = options.contains { $0.contains("d") } ? .folder : .text(ShellText())
        }
        print(name)
        print(ShellText("\n"))
        status = .success
        return true
    }
}
