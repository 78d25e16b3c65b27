import CKernel
package import Netlink
import SystemPackage

/// Messages and attributes of nf_tables (linux/netfilter/nf_tables.h), by the numbers that netlink carries.
package enum NftablesAttribute {
    /// NFPROTO_INET: tables of both families.
    package static let internet: UInt8 = 1
    /// NFPROTO_UNSPEC: tables of every family.
    package static let every: UInt8 = 0

    package static let getTables = UInt8(NFT_MSG_GETTABLE.rawValue)
    package static let getChains = UInt8(NFT_MSG_GETCHAIN.rawValue)
    package static let getRules = UInt8(NFT_MSG_GETRULE.rawValue)
    package static let getSets = UInt8(NFT_MSG_GETSET.rawValue)
    package static let getElements = UInt8(NFT_MSG_GETSETELEM.rawValue)

    package enum Table {
        package static let name = UInt16(NFTA_TABLE_NAME.rawValue)
        package static let flags = UInt16(NFTA_TABLE_FLAGS.rawValue)
        package static let use = UInt16(NFTA_TABLE_USE.rawValue)
        package static let handle = UInt16(NFTA_TABLE_HANDLE.rawValue)
    }

    package enum Chain {
        package static let table = UInt16(NFTA_CHAIN_TABLE.rawValue)
        package static let handle = UInt16(NFTA_CHAIN_HANDLE.rawValue)
        package static let name = UInt16(NFTA_CHAIN_NAME.rawValue)
        package static let hook = UInt16(NFTA_CHAIN_HOOK.rawValue)
        package static let policy = UInt16(NFTA_CHAIN_POLICY.rawValue)
        package static let use = UInt16(NFTA_CHAIN_USE.rawValue)
        package static let counters = UInt16(NFTA_CHAIN_COUNTERS.rawValue)
        package static let id = UInt16(NFTA_CHAIN_ID.rawValue)
    }

    package enum Rule {
        package static let table = UInt16(NFTA_RULE_TABLE.rawValue)
        package static let chain = UInt16(NFTA_RULE_CHAIN.rawValue)
        package static let handle = UInt16(NFTA_RULE_HANDLE.rawValue)
        package static let expressions = UInt16(NFTA_RULE_EXPRESSIONS.rawValue)
        package static let position = UInt16(NFTA_RULE_POSITION.rawValue)
        package static let userData = UInt16(NFTA_RULE_USERDATA.rawValue)
    }

    package enum Expression {
        package static let name = UInt16(NFTA_EXPR_NAME.rawValue)
        package static let data = UInt16(NFTA_EXPR_DATA.rawValue)
    }

    package enum Immediate {
        package static let data = UInt16(NFTA_IMMEDIATE_DATA.rawValue)
        package static let verdict = UInt16(NFTA_DATA_VERDICT.rawValue)
        package static let verdictChain = UInt16(NFTA_VERDICT_CHAIN.rawValue)
    }

    package enum Match {
        package static let name = UInt16(NFTA_MATCH_NAME.rawValue)
        package static let info = UInt16(NFTA_MATCH_INFO.rawValue)
    }

    package enum Counter {
        package static let bytes = UInt16(NFTA_COUNTER_BYTES.rawValue)
        package static let packets = UInt16(NFTA_COUNTER_PACKETS.rawValue)
    }

    package enum Set {
        package static let table = UInt16(NFTA_SET_TABLE.rawValue)
        package static let name = UInt16(NFTA_SET_NAME.rawValue)
        package static let flags = UInt16(NFTA_SET_FLAGS.rawValue)
        package static let id = UInt16(NFTA_SET_ID.rawValue)
        package static let description = UInt16(NFTA_SET_DESC.rawValue)
        /// Within the description.
        package static let size = UInt16(NFTA_SET_DESC_SIZE.rawValue)
        package static let userData = UInt16(NFTA_SET_USERDATA.rawValue)
        package static let padding = UInt16(NFTA_SET_PAD.rawValue)
        package static let handle = UInt16(NFTA_SET_HANDLE.rawValue)
        package static let expression = UInt16(NFTA_SET_EXPR.rawValue)
        package static let expressions = UInt16(NFTA_SET_EXPRESSIONS.rawValue)
        /// How the kernel keeps the set, and how much is in it: told by kernels newer than these headers may be.
        package static let kind: UInt16 = 19
        package static let count: UInt16 = 20

        /// The flag of sets that rules fill.
        package static let evaluated = UInt32(NFT_SET_EVAL.rawValue)
        /// The flag of sets whose elements end by themselves.
        package static let timed = UInt32(NFT_SET_TIMEOUT.rawValue)
    }

    package enum ElementList {
        package static let table = UInt16(NFTA_SET_ELEM_LIST_TABLE.rawValue)
        package static let set = UInt16(NFTA_SET_ELEM_LIST_SET.rawValue)
        package static let elements = UInt16(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue)
    }

    package enum Element {
        package static let timeout = UInt16(NFTA_SET_ELEM_TIMEOUT.rawValue)
        package static let expiration = UInt16(NFTA_SET_ELEM_EXPIRATION.rawValue)
        package static let userData = UInt16(NFTA_SET_ELEM_USERDATA.rawValue)
        package static let padding = UInt16(NFTA_SET_ELEM_PAD.rawValue)
        package static let expression = UInt16(NFTA_SET_ELEM_EXPR.rawValue)
        package static let expressions = UInt16(NFTA_SET_ELEM_EXPRESSIONS.rawValue)
    }
}

/// What nf_tables says in a message.
extension NetlinkMessage {
    package func attribute(_ type: UInt16) -> NetlinkAttribute? { attributes.first { $0.type == type } }

    /// Empty when the attribute is missing.
    package func text(_ type: UInt16) -> String { attribute(type)?.text ?? "" }

    /// 0 when the attribute is missing.
    package func number(_ type: UInt16) -> UInt32 { attribute(type)?.integer(UInt32.self) ?? 0 }

    package func nested(_ type: UInt16) -> [NetlinkAttribute] { attribute(type)?.nested ?? [] }
}

extension NetlinkAttribute {
    /// A text with the zero that ends it.
    package static func text(_ type: UInt16, _ text: String) -> NetlinkAttribute {
        NetlinkAttribute(type, Array(text.utf8) + [0])
    }

    /// The comment in the data that nft keeps beside a rule or an element: type, length, text with a zero
    /// (libnftnl, `NFTNL_UDATA_RULE_COMMENT` and `NFTNL_UDATA_SET_ELEM_COMMENT`, both 0).
    package var comment: String? { userText(0) }

    /// The same of a set (`NFTNL_UDATA_SET_COMMENT`).
    package var setComment: String? { userText(7) }

    private func userText(_ wanted: UInt8) -> String? {
        var rest = value
        while let type = rest.first, rest.count >= 2 {
            let length = Int(rest[rest.startIndex + 1])
            let content = rest.dropFirst(2).prefix(length)
            if type == wanted { return String(decoding: content.prefix { $0 != 0 }, as: UTF8.self) }
            rest = rest.dropFirst(2 + length)
        }
        return nil
    }
}

extension NetlinkSocket {
    /// Every message of a list of nf_tables.
    package func nftables(
        _ message: UInt8,
        _ attributes: [NetlinkAttribute] = [],
        family: UInt8 = NftablesAttribute.internet
    ) throws(SystemError) -> [NetlinkMessage] {
        try dump(
            subsystem: UInt8(NFNL_SUBSYS_NFTABLES),
            message: message,
            family: family,
            attributes: attributes
        )
    }

    /// A thing of nf_tables by its name; nil where it is not there.
    package func nftable(_ message: UInt8, _ attributes: [NetlinkAttribute], family: UInt8)
        throws(SystemError)
        -> NetlinkMessage?
    {
        try one(
            subsystem: UInt8(NFNL_SUBSYS_NFTABLES),
            message: message,
            family: family,
            attributes: attributes
        )
    }

    /// Does the work again where the table was replaced under it: what it was about to ask for is not there any more.
    package static func whileReplaced<Value>(_ work: () throws(SystemError) -> Value) throws(SystemError)
        -> Value
    {
        for _ in 0..<attempts {
            do throws(SystemError) {
                return try work()
            } catch {
                guard error.errno == .noSuchFileOrDirectory else { throw error }
            }
        }
        return try work()
    }

    private static let attempts = 5
}
