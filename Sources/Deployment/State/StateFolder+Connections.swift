import Kernel

/// The connections that stood when a generation came into the kernel: `connections` in its folder, a number a line.
extension StateFolder {
    private static func connectionsFile(_ number: Int) -> String { "\(folder(number))/connections" }

    /// The first line says what the numbers are, and to which ports all are known where that is not to every one.
    func note(_ connections: EarlierConnections, of number: Int) throws {
        let kind = connections.haveCookies ? "cookies" : "ends"
        let ports = connections.knownPorts.map { ports in
            "of ports" + ports.sorted().map { " \($0)" }.joined()
        }
        var text = [kind, ports].compactMap(\.self).joined(separator: " ") + "\n"
        for key in connections.keys.sorted() { text += String(key, radix: 16) + "\n" }
        try write(Array(text.utf8), to: Self.connectionsFile(number))
    }

    /// Nil for a generation of a version that noted none.
    func earlierConnections(of number: Int) throws -> EarlierConnections? {
        let name = Self.connectionsFile(number)
        guard let bytes = try read(name) else { return nil }
        var lines = bytes.split(separator: UInt8(ascii: "\n"))[...]
        let head = lines.popFirst().map { String(decoding: $0, as: UTF8.self) } ?? ""
        let words = head.split(separator: " ")
        let keys = lines.compactMap { UInt64(String(decoding: $0, as: UTF8.self), radix: 16) }
        let ports = words.dropFirst(3).compactMap { UInt16($0) }
        guard let kind = words.first, ["cookies", "ends"].contains(kind), keys.count == lines.count,
            words.count == 1 || words.count >= 3 && ports.count == words.count - 3
        else { throw ChangeError.failed("\(place(name)) is damaged, or of another version") }
        return EarlierConnections(
            keys: Set(keys),
            haveCookies: kind == "cookies",
            knownPorts: words.count == 1 ? nil : Set(ports)
        )
    }
}
