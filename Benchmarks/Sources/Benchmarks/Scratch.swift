import Glibc

/// The folder for policies and rulesets. Whoever starts the benchmarks makes it and removes it.
struct Scratch {
    let path: String

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a text and gives its path.
    func write(_ text: String, to name: String) throws -> String {
        let path = file(name)
        guard let stream = unsafe fopen(path, "w") else { throw SystemFailure.call("fopen", code: errno) }
        let written = unsafe fputs(text, stream)
        guard unsafe fclose(stream) == 0, written >= 0 else { throw SystemFailure.call("write", code: errno) }
        return path
    }

    /// The whole text of a file.
    static func read(_ path: String) throws -> String {
        guard let stream = unsafe fopen(path, "r") else { throw SystemFailure.call("fopen", code: errno) }
        defer { unsafe fclose(stream) }
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe fread(&chunk, 1, chunk.count, stream)
            guard count > 0 else { break }
            text += chunk.prefix(count)
        }
        guard unsafe ferror(stream) == 0 else { throw SystemFailure.call("fread", code: errno) }
        return String(decoding: text, as: UTF8.self)
    }
}
