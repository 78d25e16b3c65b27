import Kernel

/// The connections that stood when a generation came into the kernel: `connections` in its folder, a number a line.
extension StateFolder {
    private static func connectionsFile(_ number: Int) -> String { "\(folder(number))/connections" }

    /// The first line says how many numbers there are, so that none can be lost, what they are, and to which ports all are
    /// known where that is not to every one.
    func note(_ connections: EarlierConnections, of number: Int) throws {
        let kind = connections.haveCookies ? "cookies" : "ends"
        let ports = connections.knownPorts.map { ports in
            "of ports" + ports.sorted().map { " \($0)" }.joined()
        }
        var text =
            ["\(connections.keys.count)", kind, ports].compactMap(\.self).joined(separator: " ") + "\n"
        for key in connections.keys.sorted() { text += String(key, radix: 16) + "\n" }
        try write(Array(text.utf8), to: Self.connectionsFile(number))
    }

    /// Nil for a generation of a version that noted none.
    func earlierConnections(of number: Int) throws -> EarlierConnections? {
        let name = Self.connectionsFile(number)
        guard let bytes = try read(name) else { return nil }
        var lines = bytes.split(separator: UInt8(ascii: "\n"))[...]
        let head = lines.popFirst().map { String(decoding: $0, as: UTF8.self) } ?? ""
        var words = head.split(separator: " ")[...]
        // Of a version that did not count there is none.
        let count = words.first.flatMap { Int($0) }
        if count != nil { words = words.dropFirst() }
        let keys = lines.compactMap { UInt64(String(decoding: $0, as: UTF8.self), radix: 16) }
        let ports = words.dropFirst(3).compactMap { UInt16($0) }
        let isOfPorts = words.count >= 3 && words.dropFirst().prefix(2) == ["of", "ports"]
        guard let kind = words.first, ["cookies", "ends"].contains(kind), keys.count == lines.count,
            count ?? keys.count == keys.count,
            words.count == 1 || isOfPorts && ports.count == words.count - 3
        else { throw ChangeError.failed("\(place(name)) is damaged, or of another version") }
        return EarlierConnections(
            keys: Set(keys),
            haveCookies: kind == "cookies",
            knownPorts: words.count == 1 ? nil : Set(ports)
        )
    }
}
