/// One thing that a rule asks or does, in the order of the rule.
enum Clause: Hashable, Sendable {
    /// The value compares so with the bytes.
    case compare(Operand, Comparison, [UInt8])
    case range(Operand, isNegated: Bool, from: [UInt8], to: [UInt8])
    case lookup(Operand, set: String, isNegated: Bool)
    case verdict(KernelVerdict)
    case verdictMap(Operand, map: String)
    case assign(Target, Operand)
    case update(SetUpdate)
    case statement(RuleStatement)
}

/// `enum nft_cmp_ops`.
enum Comparison: UInt32, Sendable {
    case equal, differs, less, atMost, greater, atLeast
}

/// Where a rule writes to.
enum Target: Hashable, Sendable {
    case payload(base: UInt32, offset: Int, length: Int)
    case meta(UInt32)
    case track(UInt32, direction: UInt8?)
    case header(ExtensionHeader)
}

/// What becomes of a packet (`NFTA_VERDICT_CODE`).
enum KernelVerdict: Hashable, Sendable {
    case accept, drop, `continue`, `return`
    case jump(String)
    case goto(String)

    var text: String {
        switch self {
        case .accept: "accept"
        case .drop: "drop"
        case .continue: "continue"
        case .return: "return"
        case .jump(let chain): "jump \(chain)"
        case .goto(let chain): "goto \(chain)"
        }
    }
}

/// An element that a packet puts into a set, or takes out of one.
struct SetUpdate: Hashable, Sendable {
    enum Operation: UInt32, Sendable {
        case add, update, delete
    }

    var operation: Operation
    var set: String
    var key: Operand
    var data: Operand?
    /// In milliseconds.
    var timeout: UInt64?
    var statements: [RuleStatement]
}

/// What a rule does beside matching and writing values.
enum RuleStatement: Hashable, Sendable {
    /// What has no values of registers: its words are known at once.
    case words(String)
    case translate(Translation)
    case duplicate(address: Operand?, device: Operand?)
    case forward(device: Operand?, address: Operand?, family: UInt32?)
    case transparent(family: UInt32, address: Operand?, port: Operand?)
    case queue(number: Operand, flags: UInt16)
    case reject(kind: UInt32, code: UInt8)
    /// An object of this type by its name.
    case object(type: UInt32, name: String)
    case objectMap(Operand, map: String)
}

/// NAT in each of its forms.
struct Translation: Hashable, Sendable {
    enum Kind: String, Sendable {
        case source = "snat"
        case destination = "dnat"
        case masquerade
        case redirect
    }

    var kind: Kind
    var family: UInt32?
    var address: Operand?
    var lastAddress: Operand?
    var port: Operand?
    var lastPort: Operand?
    var flags: UInt32
}
