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
}
