import CKernel
import Glibc
package import Netlink
import SystemPackage

/// What nf_tables holds in a network namespace, as the kernel says it: all of one generation.
package struct KernelDump: Sendable {
    var tables: [NetlinkMessage] = []
    var chains: [NetlinkMessage] = []
    var rules: [NetlinkMessage] = []
    var sets: [NetlinkMessage] = []
    /// By the place of their set.
    var elements: [[NetlinkMessage]] = []
    var objects: [NetlinkMessage] = []
    var flowtables: [NetlinkMessage] = []

    /// Asks in the namespace of the calling thread. What changes while it is read is read anew.
    package static func read() throws(SystemError) -> KernelDump {
        let socket = try NetlinkSocket(protocol: NETLINK_NETFILTER)
        return try socket.ofOneGeneration { () throws(SystemError) in
            var dump = KernelDump()
            dump.tables = try socket.every(NFT_MSG_GETTABLE)
            dump.chains = try socket.every(NFT_MSG_GETCHAIN)
            dump.sets = try socket.every(NFT_MSG_GETSET)
            for set in dump.sets { dump.elements.append(try socket.elements(of: set)) }
            dump.objects = try socket.every(NFT_MSG_GETOBJ)
            dump.flowtables = try socket.every(NFT_MSG_GETFLOWTABLE)
            dump.rules = try socket.every(NFT_MSG_GETRULE)
            return dump
        }
    }
}

extension NetlinkSocket {
    fileprivate func every(_ message: nf_tables_msg_types) throws(SystemError) -> [NetlinkMessage] {
        try nftables(UInt8(message.rawValue), family: NftablesAttribute.every)
    }

    fileprivate func elements(of set: NetlinkMessage) throws(SystemError) -> [NetlinkMessage] {
        let title: [NetlinkAttribute] = [
            .text(NftablesAttribute.ElementList.table, set.text(NftablesAttribute.Set.table)),
            .text(NftablesAttribute.ElementList.set, set.text(NftablesAttribute.Set.name)),
        ]
        return try nftables(NftablesAttribute.getElements, title, family: set.family)
    }

    /// Does the reading again where the ruleset changed meanwhile.
    fileprivate func ofOneGeneration<Value>(
        _ work: () throws(SystemError) -> Value
    ) throws(SystemError) -> Value {
        for _ in 0..<Self.generations {
            let before = try generation()
            let value: Value
            do throws(SystemError) {
                value = try work()
            } catch {
                // A set that is gone by now.
                guard error.errno == .noSuchFileOrDirectory else { throw error }
                continue
            }
            if try generation() == before { return value }
        }
        throw SystemError("read the ruleset", .interrupted)
    }

    private static let generations = 20

    private func generation() throws(SystemError) -> UInt32 {
        let answers = try request(
            subsystem: UInt8(NFNL_SUBSYS_NFTABLES),
            message: UInt8(NFT_MSG_GETGEN.rawValue),
            family: NftablesAttribute.every
        )
        return answers.first?.number(UInt16(NFTA_GEN_ID.rawValue)) ?? 0
    }
}
