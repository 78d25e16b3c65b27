import Foundation
import Glibc
import Kernel
import Testing

/// What DNS names stand for, for the commands of one test alone: a file in the place of `/etc/hosts`, and a name server
/// at 127.0.0.1 in that of the machine's.
final class NameTable: Sendable {
    let mounts: PrivateMounts
    private let hosts: String

    static func make(in folder: String) async throws -> NameTable {
        let hosts = "\(folder)/hosts"
        try "".write(toFile: hosts, atomically: false, encoding: .utf8)
        let script = """
            cd '\(folder)'
            printf 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n' >resolv.conf
            echo 'hosts: files dns' >nsswitch.conf
            for file in hosts resolv.conf nsswitch.conf; do mount --bind $file /etc/$file; done
            """
        return NameTable(mounts: try #require(try await .make(by: script, in: folder)), hosts: hosts)
    }

    private init(mounts: PrivateMounts, hosts: String) {
        self.mounts = mounts
        self.hosts = hosts
    }

    /// Sets what the names stand for, in the place of all that was said before.
    func say(_ addresses: [String: [String]]) throws {
        let lines = addresses.flatMap { name, addresses in addresses.map { "\($0) \(name)\n" } }
        // Written in place: the file that is mounted is this one.
        try lines.joined().write(toFile: hosts, atomically: false, encoding: .utf8)
    }
}

/// A name server that has no address for any name.
final class EmptyNameServer: Sendable {
    enum Answer: UInt8, CaseIterable, Sendable {
        /// There is such a name, without an address (RFC 2308 section 2.2).
        case noData = 0
        /// RFC 1035 section 4.1.1.
        case serverFailure = 2
        case noSuchName = 3
    }

    private let socket: Int32

    init(_ answer: Answer, in namespace: NetworkNamespace) async throws {
        socket = try await namespace.run {
            let socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = UInt16(53).bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let bound = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            try #require(bound == 0)
            return socket
        }
        let thread = Thread { [socket] in Self.serve(socket, answer) }
        thread.start()
    }

    deinit {
        // Wakes the thread, which closes the socket.
        shutdown(socket, Int32(SHUT_RDWR))
    }

    private static func serve(_ socket: Int32, _ answer: Answer) {
        var buffer = [UInt8](repeating: 0, count: 512)
        while true {
            var (client, length) = (sockaddr(), socklen_t(MemoryLayout<sockaddr>.size))
            let count = unsafe recvfrom(socket, &buffer, buffer.count, 0, &client, &length)
            guard count > 12 else { break }
            buffer[2] = 0x81
            buffer[3] = 0x80 | answer.rawValue
            _ = unsafe sendto(socket, buffer, count, 0, &client, length)
        }
        close(socket)
    }
}
