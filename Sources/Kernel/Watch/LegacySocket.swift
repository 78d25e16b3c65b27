import Glibc
import Netlink
import PacketModel
import SystemPackage

/// Asks the older code of iptables for its tables, in the namespace of the thread that made it: no process, no lock of
/// xtables (linux/netfilter_ipv4/ip_tables.h and linux/netfilter_ipv6/ip6_tables.h, the options of both have the same
/// numbers and structures).
struct LegacySocket {
    private let socket: Socket
    private let level: Int32

    /// IPT_SO_GET_INFO and IPT_SO_GET_ENTRIES.
    private static let getInfo: Int32 = 64
    private static let getEntries: Int32 = 65
    /// XT_TABLE_MAXNAMELEN
    private static let nameLength = 32
    /// The name, then the hooks, five entries and five underflows of chains, the count and the size, of 32 bits each.
    private static let infoLength = nameLength + 4 * 13
    /// The name and the size, and space up to the eight bytes that entries stand at.
    private static let entriesHeader = nameLength + 8
    /// A table changes between the question for its size and the one for its entries.
    private static let attempts = 8

    init(_ family: IPFamily) throws(SystemError) {
        socket = try Socket(SocketAddress.domain(of: family), SOCK_DGRAM)
        level = family == .ipv4 ? Int32(IPPROTO_IP) : Int32(IPPROTO_IPV6)
    }

    /// What is told of a table without its rules; any rule more or less makes it another one.
    struct Info: Hashable, Sendable {
        fileprivate var bytes: [UInt8]

        fileprivate func number(_ index: Int) -> Int {
            Int(bytes[...].hostOrder(UInt32.self, at: nameLength + 4 * index))
        }

        /// The hooks by the numbers of netfilter, each with its first rule and its last one, as offsets.
        var hooks: [(hook: Int, first: Int, last: Int)] {
            (0..<5).filter { number(0) & 1 << $0 != 0 }.map { ($0, number(1 + $0), number(6 + $0)) }
        }

        var size: Int { number(12) }
    }

    /// Nil where the table is not there.
    func info(of table: String) throws(SystemError) -> Info? {
        var bytes = Self.name(table) + [UInt8](repeating: 0, count: Self.infoLength - Self.nameLength)
        return try ask(Self.getInfo, &bytes) ? Info(bytes: bytes) : nil
    }

    /// The entries of a table, and its outline at that moment; nil where it is not there.
    func entries(of table: String) throws(SystemError) -> (info: Info, bytes: ArraySlice<UInt8>)? {
        for _ in 0..<Self.attempts {
            guard let info = try info(of: table) else { return nil }
            var bytes = Self.name(table) + UInt32(info.size).hostBytes
            bytes += [UInt8](repeating: 0, count: Self.entriesHeader + info.size - bytes.count)
            do throws(SystemError) {
                guard try ask(Self.getEntries, &bytes) else { return nil }
            } catch {
                guard error.errno == .resourceTemporarilyUnavailable else { throw error }
                continue
            }
            if try self.info(of: table) == info { return (info, bytes.dropFirst(Self.entriesHeader)) }
        }
        throw SystemError("the entries of table \(table)", .resourceTemporarilyUnavailable)
    }

    private static func name(_ table: String) -> [UInt8] {
        let name = Array(table.utf8.prefix(nameLength - 1))
        return name + [UInt8](repeating: 0, count: nameLength - name.count)
    }

    /// False where there is no such table, or no such code in the kernel.
    private func ask(_ option: Int32, _ bytes: inout [UInt8]) throws(SystemError) -> Bool {
        var length = socklen_t(bytes.count)
        let result = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe getsockopt(socket.descriptor, level, option, buffer.baseAddress, &length)
        }
        guard result != 0 else { return true }
        let error = Errno(rawValue: errno)
        if error == .noSuchFileOrDirectory || error.rawValue == ENOPROTOOPT { return false }
        throw SystemError("getsockopt of a table of iptables", error)
    }
}
