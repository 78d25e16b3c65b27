import Glibc

/// An open file or folder; closed when it is given up.
struct Descriptor: ~Copyable {
    /// O_PATH (asm-generic/fcntl.h): to look at a name, and to go on from it. Swift's Glibc does not show it.
    static let pathOnly: Int32 = 0o10_000_000

    private let number: Int32

    private init(_ number: Int32, _ place: String) throws(FileProblem) {
        guard number >= 0 else { throw .system(place, errno) }
        self.number = number
    }

    deinit {
        close(number)
    }

    static func openRoot() throws(FileProblem) -> Descriptor {
        unsafe try Descriptor(Glibc.open("/", pathOnly | O_DIRECTORY | O_CLOEXEC), "/")
    }

    static func standardInput() throws(FileProblem) -> Descriptor {
        try Descriptor(dup(STDIN_FILENO), "<stdin>")
    }

    /// Opens a name in this folder; `place` is what errors call it.
    func open(_ name: String, _ flags: Int32, _ place: String) throws(FileProblem) -> Descriptor {
        unsafe try Descriptor(openat(number, name, flags | O_CLOEXEC), place)
    }

    func status(_ place: String) throws(FileProblem) -> stat {
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else { throw .system(place, errno) }
        return status
    }

    func linkTarget(_ place: String) throws(FileProblem) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlinkat(number, "", &buffer, buffer.count)
        guard count >= 0 else { throw .system(place, errno) }
        return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Reads to the end, and no further than one byte beyond `largest`.
    func read(_ place: String, expected: Int, largest: Int) throws(FileProblem) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let capacity = min(max(64 << 10, expected - bytes.count + 1), largest + 1 - bytes.count)
            var count = 0
            var failure: Int32 = 0
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
                repeat {
                    count = unsafe Glibc.read(number, buffer.baseAddress, capacity)
                    failure = count < 0 ? errno : 0
                } while failure == EINTR
                initialized = max(0, count)
            }
            guard failure == 0 else { throw .system(place, failure) }
            if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
            if count == 0 { return bytes }
            if bytes.count > largest { throw .size(place, largest) }
        }
    }
}
