import Glibc

/// Waits until one of the sockets has something to say (poll(2)).
package enum Poll {
    package struct Interest {
        package var socket: Socket
        package var writing: Bool

        package init(socket: Socket, writing: Bool = false) {
            self.socket = socket
            self.writing = writing
        }
    }

    /// The indices of the sockets that are ready; empty when the time is over.
    package static func ready(_ interests: [Interest], within time: Duration) -> [Int] {
        var descriptors = interests.map { interest in
            let events = POLLIN | (interest.writing ? POLLOUT : 0)
            return pollfd(fd: interest.socket.descriptor, events: Int16(events), revents: 0)
        }
        let milliseconds = Int32(clamping: max(0, time / .milliseconds(1)).rounded(.up))
        let count = unsafe poll(&descriptors, nfds_t(descriptors.count), milliseconds)
        guard count > 0 else { return [] }
        return descriptors.indices.filter { descriptors[$0].revents != 0 }
    }
}

extension Int32 {
    fileprivate init(clamping value: Double) {
        self = value >= Double(Int32.max) ? .max : Int32(value)
    }
}
