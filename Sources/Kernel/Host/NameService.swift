import Glibc
package import PacketModel

/// Asks the host's name service what DNS names stand for, as every other program here does (getaddrinfo(3)).
package enum NameService {
    package enum Answer: Hashable, Sendable {
        /// Sorted, at least one.
        case addresses([IPAddress])
        /// Why there is none, a clause.
        case unanswered(String)
    }

    /// What was said of each name within the time; whoever did not answer by then has not.
    package static func ask(_ names: Set<String>, within limit: Duration) async -> [String: Answer] {
        guard !names.isEmpty else { return [:] }
        let (answers, post) = AsyncStream.makeStream(of: (String, Answer)?.self)
        // A question cannot be called back: it ends by itself, when the resolver gives up.
        for name in names {
            Task {
                do {
                    post.yield((name, try await OwnThread.run { lookUp(name) }))
                } catch {
                    post.yield((name, .unanswered("\(error)")))
                }
            }
        }
        let clock = Task {
            do { try await Task.sleep(for: limit) } catch { return }
            post.yield(nil)
        }
        defer { clock.cancel() }
        var known: [String: Answer] = [:]
        for await answer in answers {
            guard let (name, answer) = answer else { break }
            known[name] = answer
            if known.count == names.count { break }
        }
        for name in names where known[name] == nil { known[name] = .unanswered("no answer within \(limit)") }
        return known
    }

    /// Names are whole: none is tried below the domains of resolv.conf(5), whose owners could answer for it.
    private static let hasNoSearchList = unsafe setenv("LOCALDOMAIN", ".", 1) == 0

    private static func lookUp(_ name: String) -> Answer {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard hasNoSearchList else { return .unanswered("the environment cannot be set") }
        let code = unsafe getaddrinfo(name, nil, &hints, &list)
        guard code == 0 else { return .unanswered(reason(code)) }
        defer { unsafe freeaddrinfo(list) }
        var addresses: Set<IPAddress> = []
        var next = unsafe list
        while let entry = unsafe next {
            if let address = unsafe address(entry.pointee) { addresses.insert(address) }
            unsafe next = entry.pointee.ai_next
        }
        return addresses.isEmpty ? .unanswered("the answer is empty") : .addresses(addresses.sorted())
    }

    private static func address(_ entry: addrinfo) -> IPAddress? {
        guard let socket = unsafe entry.ai_addr else { return nil }
        switch unsafe entry.ai_family {
        case AF_INET:
            return unsafe socket.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
                let bits = unsafe UInt32(bigEndian: pointer.pointee.sin_addr.s_addr)
                return IPAddress(family: .ipv4, value: UInt128(bits))
            }
        case AF_INET6:
            return unsafe socket.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                let bits = unsafe withUnsafeBytes(of: pointer.pointee.sin6_addr) { bytes in
                    unsafe bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
                }
                return IPAddress(family: .ipv6, value: bits)
            }
        default: return nil
        }
    }

    private static func reason(_ code: Int32) -> String {
        switch code {
        case EAI_NONAME: "no such name, or it has no address"
        case EAI_AGAIN: "no name server answers"
        default: unsafe gai_strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        }
    }
}
