package import Glibc
package import SystemPackage

/// A socket that does not block and closes with its value.
package final class Socket: Sendable {
    package let descriptor: Int32

    /// Makes a socket in the network namespace of the calling thread.
    package init(_ domain: Int32, _ type: __socket_type, protocol number: Int32 = 0) throws(SystemError) {
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

    package func set(_ level: Int32, _ option: Int32, to value: Int32) throws(SystemError) {
        let result = unsafe withUnsafeBytes(of: value) { bytes in
            unsafe setsockopt(descriptor, level, option, bytes.baseAddress, socklen_t(bytes.count))
        }
        try checked("setsockopt", result)
    }

    package func value(_ level: Int32, _ option: Int32) throws(SystemError) -> Int32 {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        try checked("getsockopt", unsafe getsockopt(descriptor, level, option, &value, &length))
        return value
    }

    /// Makes room for what comes unasked; as much as the system gives to everybody, where more is not permitted: in a user
    /// namespace, say (socket(7), "SO_RCVBUFFORCE").
    package func makeRoom(bytes: Int32) throws(SystemError) {
        do throws(SystemError) {
            try set(SOL_SOCKET, SO_RCVBUFFORCE, to: bytes)
        } catch {
            guard error.errno == .notPermitted else { throw error }
            try set(SOL_SOCKET, SO_RCVBUF, to: bytes)
        }
    }

    package func listen(backlog: Int32) throws(SystemError) {
        try checked("listen", Glibc.listen(descriptor, backlog))
    }

    /// The next connection, or nil when there is none.
    package func accept() -> Socket? {
        let accepted = Glibc.accept(descriptor, nil, nil)
        guard accepted >= 0 else { return nil }
        let flags = fcntl(accepted, F_GETFL)
        _ = fcntl(accepted, F_SETFL, flags | O_NONBLOCK)
        _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
        return Socket(descriptor: accepted)
    }

    /// Sends to the peer; nil, or why not.
    package func send(_ bytes: [UInt8]) -> Errno? {
        let result = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        return result == bytes.count ? nil : Errno(rawValue: errno)
    }

    /// What came next, at most `limit` bytes; nil when nothing waits, empty when the peer is gone.
    package func receive(limit: Int = 65_536) -> [UInt8]? {
        var received = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            received = unsafe recv(descriptor, buffer.baseAddress, limit, 0)
            count = max(0, received)
        }
        return received < 0 && errno == EAGAIN ? nil : bytes
    }

    /// What came next and who sent it.
    package func receiveFrom<Address>(_ empty: Address, limit: Int = 65_536) -> (
        bytes: [UInt8], from: Address
    )? {
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
    package func send<Address>(_ bytes: [UInt8], toStructure address: Address) -> Errno? {
        let result = unsafe Self.withAddress(address) { pointer, length in
            unsafe sendto(descriptor, bytes, bytes.count, 0, pointer, length)
        }
        return result == bytes.count ? nil : Errno(rawValue: errno)
    }

    package func bind<Address>(toStructure address: Address) throws(SystemError) {
        let result = unsafe Self.withAddress(address) { unsafe Glibc.bind(descriptor, $0, $1) }
        try checked("bind", result)
    }

    package static func withAddress<Address, Result>(
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
