import Glibc
import Netlink
import SystemPackage

extension Socket {
    func bind(to address: SocketAddress) throws(SystemError) {
        let result = unsafe address.withPointer { unsafe Glibc.bind(descriptor, $0, $1) }
        try checked("bind \(address.address) port \(address.port)", result)
    }

    /// Starts to connect; nil, or the error that came at once. "In progress" is none.
    func connect(to address: SocketAddress) -> Errno? {
        let result = unsafe address.withPointer { unsafe Glibc.connect(descriptor, $0, $1) }
        return result == 0 || errno == EINPROGRESS ? nil : Errno(rawValue: errno)
    }

    /// Sends to an address; nil, or why not.
    func send(_ bytes: [UInt8], to address: SocketAddress) -> Errno? {
        let result = unsafe address.withPointer { pointer, length in
            unsafe sendto(descriptor, bytes, bytes.count, 0, pointer, length)
        }
        return result == bytes.count ? nil : Errno(rawValue: errno)
    }
}
