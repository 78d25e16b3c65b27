import CKernel
import Glibc
import Netlink
import Nftables
import SystemPackage
import TestSupport
import Testing

@testable import Kernel

@Suite(.needsRoot) struct NetlinkSocketTests {
    private static let tables = UInt8(NFNL_SUBSYS_NFTABLES)
    /// NFPROTO_INET (linux/netfilter.h).
    private static let inet: UInt8 = 1

    /// A list of what is in `table inet test`.
    private static func list(
        _ message: nf_tables_msg_types,
        _ name: NetlinkAttribute,
        in namespace: NetworkNamespace
    ) async throws -> [NetlinkMessage] {
        try await namespace.run {
            // Every list has the name of the table first (linux/netfilter/nf_tables.h).
            let table = NetlinkAttribute(1, Array("test".utf8) + [0])
            return try NetlinkSocket(protocol: NETLINK_NETFILTER).dump(
                subsystem: tables,
                message: UInt8(message.rawValue),
                family: inet,
                attributes: [table, name]
            )
        }
    }

    private static func elements(in namespace: NetworkNamespace) async throws -> [NetlinkAttribute] {
        let set = NetlinkAttribute(UInt16(NFTA_SET_ELEM_LIST_SET.rawValue), Array("many".utf8) + [0])
        let messages = try await list(NFT_MSG_GETSETELEM, set, in: namespace)
        return messages.flatMap(\.attributes).filter {
            $0.type == UInt16(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue)
        }
        .flatMap(\.nested)
    }

    private static func generation(_ socket: NetlinkSocket) throws -> UInt32 {
        let answers = try socket.request(
            subsystem: tables,
            message: UInt8(NFT_MSG_GETGEN.rawValue),
            family: 0
        )
        #expect(answers.count == 1)
        let number = answers.flatMap(\.attributes).first { $0.type == UInt16(NFTA_GEN_ID.rawValue) }
        return try #require(number?.integer(UInt32.self))
    }

    /// Loads the set with its size: one without grows in the background, and the kernel's list of it meanwhile has
    /// some elements twice and others not at all (nft_rhash_walk, net/netfilter/nft_set_hash.c).
    private static func load(_ count: Int, in namespace: NetworkNamespace) async throws {
        let elements = (0..<count).map { "10.\($0 >> 16).\($0 >> 8 & 255).\($0 & 255)" }
        let text = """
            table inet test {
                set many { type ipv4_addr; size \(count); elements = { \(elements.joined(separator: ", ")) }; }
            }
            """
        try await Tool(named: "nft").run(["-f", "-"], text: text, in: namespace)
    }

    @Test(arguments: [1, 100_000])
    func aListOfAnyLengthIsReadWhole(_ count: Int) async throws {
        let namespace = try await NetworkNamespace.make()
        try await Self.load(count, in: namespace)
        let elements = try await Self.elements(in: namespace)
        #expect(elements.count == count)
        #expect(Set(elements).count == count)
    }

    @Test func listsAreOfOneGeneration() async throws {
        let namespace = try await NetworkNamespace.make()
        let count = 3_000
        let rules = [String](repeating: "tcp dport 1-9 accept\n", count: count).joined()
        let text = "table inet test { chain many {\n\(rules)}\n}\n"
        try await Tool(named: "nft").run(["-f", "-"], text: text, in: namespace)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 1...20 {
                    try await Tool(named: "nft").run(["add", "table", "other\(number)"], in: namespace)
                }
            }
            group.addTask {
                let chain = NetlinkAttribute(UInt16(NFTA_RULE_CHAIN.rawValue), Array("many".utf8) + [0])
                for _ in 0..<50 {
                    let rules = try await Self.list(NFT_MSG_GETRULE, chain, in: namespace)
                    #expect(rules.count == count)
                    #expect(Set(rules.map(\.resource)).count == 1)
                    #expect(rules.allSatisfy { $0.flags & UInt16(NLM_F_DUMP_INTR) == 0 })
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func aListThatIsNotWholeIsReadAnewButNotForEver() async throws {
        let namespace = try await NetworkNamespace.make()
        try await Self.load(1, in: namespace)
        let socket = try await namespace.run { try NetlinkSocket(protocol: NETLINK_NETFILTER) }
        let type = NetlinkMessage.type(subsystem: Self.tables, message: UInt8(NFT_MSG_GETTABLE.rawValue))
        let body = NetlinkMessage.body(family: Self.inet, resource: 0, [])
        var attempts = 0
        let messages = try socket.dump(type: type, body: body) { _ in
            attempts += 1
            return attempts == 4
        }
        #expect(attempts == 4)
        #expect(messages.count == 1)
        let error = #expect(throws: SystemError.self) {
            try socket.dump(type: type, body: body) { _ in false }
        }
        #expect(error?.errno == .interrupted)
    }

    @Test func theKernelsReasonIsTheError() async throws {
        let namespace = try await NetworkNamespace.make()
        let error = await #expect(throws: SystemError.self) { try await Self.elements(in: namespace) }
        #expect(error?.errno == .noSuchFileOrDirectory)
        let refused = await #expect(throws: SystemError.self) {
            try await namespace.run {
                let socket = try NetlinkSocket(protocol: NETLINK_NETFILTER)
                try socket.request(subsystem: 0xEE, message: 0, family: 0)
            }
        }
        #expect(refused?.errno == .invalidArgument)
    }

    @Test func whatTheKernelDoesNotLikeHasAPlace() async throws {
        let namespace = try await NetworkNamespace.make()
        try await Self.load(1, in: namespace)
        let table = NetlinkAttribute(UInt16(NFTA_CHAIN_TABLE.rawValue), Array("missing".utf8) + [0])
        let chain = NetlinkAttribute(UInt16(NFTA_CHAIN_NAME.rawValue), Array("none".utf8) + [0])
        let error = await #expect(throws: SystemError.self) {
            try await namespace.run {
                let socket = try NetlinkSocket(protocol: NETLINK_NETFILTER)
                let message = UInt8(NFT_MSG_GETCHAIN.rawValue)
                try socket.request(
                    subsystem: Self.tables,
                    message: message,
                    family: Self.inet,
                    attributes: [table, chain]
                )
            }
        }
        #expect(error?.errno == .noSuchFileOrDirectory)
        // The name of the table stands behind both headers.
        #expect(error?.call == "netlink message 10.4 (at byte 20 of the request)")
    }

    @Test func oneAnswerComesBeforeTheAcknowledgement() async throws {
        let namespace = try await NetworkNamespace.make()
        try await Self.load(1, in: namespace)
        let socket = try await namespace.run { try NetlinkSocket(protocol: NETLINK_NETFILTER) }
        let generations = try (0..<3).map { _ in try Self.generation(socket) }
        #expect(Set(generations).count == 1)
    }
}
