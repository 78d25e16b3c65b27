import Glibc
import SystemPackage

/// A socket that does not block and closes with its value.
final class Socket: Sendable {
    let descriptor: Int32

    /// Makes a socket in the network namespace of the calling thread.
    init(_ domain: Int32, _ type: __socket_type, protocol number: Int32 = 0) throws(SystemError) {
        let flags = Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        descriptor = try checked("socket", socket(domain, Int32(type.rawValue) | flags, number))
    }

    /// Takes over a descriptor.
    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    func set(_ level: Int32, _ option: Int32, to value: Int32) throws(SystemError) {
        let result = unsafe withUnsafeBytes(of: value) { bytes in
            unsafe setsockopt(descriptor, level, option, bytes.baseAddress, socklen_t(bytes.count))
        }
        try checked("setsockopt", result)
    }

    func value(_ level: Int32, _ option: Int32) throws(SystemError) -> Int32 {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        try checked("getsockopt", unsafe getsockopt(descriptor, level, option, &value, &length))
        return value
    }

    /// Makes room for what comes unasked; as much as the system gives to everybody, where more is not permitted: in a user
    /// namespace, say (socket(7), "SO_RCVBUFFORCE").
    func makeRoom(bytes: Int32) throws(SystemError) {
        do throws(SystemError) {
            try set(SOL_SOCKET, SO_RCVBUFFORCE, to: bytes)
        } catch {
            guard error.errno == .notPermitted else { throw error }
            try set(SOL_SOCKET, SO_RCVBUF, to: bytes)
        }
    }

    func bind(to address: SocketAddress) throws(SystemError) {
        let result = unsafe address.withPointer { unsafe Glibc.bind(descriptor, $0, $1) }
        try checked("bind \(address.address) port \(address.port)", result)
    }

    /// Starts to connect; nil, or the error that came at once. "In progress" is none.
    func connect(to address: SocketAddress) -> Errno? {
        let result = unsafe address.withPointer { unsafe Glibc.connect(descriptor, $0, $1) }
        return result == 0 || errno == EINPROGRESS ? nil : Errno(rawValue: errno)
    }

    func listen(backlog: Int32) throws(SystemError) {
        try checked("listen", Glibc.listen(descriptor, backlog))
    }

    /// The next connection, or nil when there is none.
    func accept() -> Socket? {
        let accepted = Glibc.accept(descriptor, nil, nil)
        guard accepted >= 0 else { return nil }
        let flags = fcntl(accepted, F_GETFL)
        _ = fcntl(accepted, F_SETFL, flags | O_NONBLOCK)
        _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
        return Socket(descriptor: accepted)
    }

    /// Sends to the peer; nil, or why not.
    func send(_ bytes: [UInt8]) -> Errno? {
        let result = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        return result == bytes.count ? nil : Errno(rawValue: errno)
    }

    /// Sends to an address; nil, or why not.
    func send(_ bytes: [UInt8], to address: SocketAddress) -> Errno? {
        let result = unsafe address.withPointer { pointer, length in
            unsafe sendto(descriptor, bytes, bytes.count, 0, pointer, length)
        }
        return result == bytes.count ? nil : Errno(rawValue: errno)
    }

    /// What came next, at most `limit` bytes; nil when nothing waits, empty when the peer is gone.
    func receive(limit: Int = 65_536) -> [UInt8]? {
        var received = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            received = unsafe recv(descriptor, buffer.baseAddress, limit, 0)
            count = max(0, received)
        }
        return received < 0 && errno == EAGAIN ? nil : bytes
    }

    /// What came next and who sent it.
    func receiveFrom<Address>(_ empty: Address, limit: Int = 65_536) -> (bytes: [UInt8], from: Address)? {
        var from = empty
        var length = socklen_t(MemoryLayout<Address>.size)
        var received = -1
        let bytes = unsafe withUnsafeMutablePointer(to: &from) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
                    received = unsafe recvfrom(descriptor, buffer.baseAddress, limit, 0, address, &length)
                    count = max(0, received)
                }
            }
        }
        return received < 0 ? nil : (bytes, from)
    }

    /// Sends to an address of any kind, given as its structure.
    func send<Address>(_ bytes: [UInt8], toStructure address: Address) -> Errno? {
        let result = unsafe Self.withAddress(address) { pointer, length in
            unsafe sendto(descriptor, bytes, bytes.count, 0, pointer, length)
        }
        return result == bytes.count ? nil : Errno(rawValue: errno)
    }

    func bind<Address>(toStructure address: Address) throws(SystemError) {
        let result = unsafe Self.withAddress(address) { unsafe Glibc.bind(descriptor, $0, $1) }
        try checked("bind", result)
    }

    static func withAddress<Address, Result>(
        _ structure: Address,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        unsafe withUnsafePointer(to: structure) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe body(address, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }
}
