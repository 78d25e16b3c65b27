/// The options that iptables has by itself, as getopt(3) finds them.
enum BuiltInOption: Character {
    case append = "A"
    case check = "C"
    case delete = "D"
    case insert = "I"
    case replace = "R"
    case list = "L"
    case listRules = "S"
    case flush = "F"
    case zero = "Z"
    case newChain = "N"
    case deleteChain = "X"
    case renameChain = "E"
    case policy = "P"
    case source = "s"
    case destination = "d"
    case transportProtocol = "p"
    case inputInterface = "i"
    case outputInterface = "o"
    case jump = "j"
    case goto = "g"
    case match = "m"
    case fragment = "f"
    case table = "t"
    case counters = "c"
    case verbose = "v"
    case numeric = "n"
    case exact = "x"
    case wait = "w"
    case waitInterval = "W"
    case lineNumbers = "0"
    case modprobe = "M"
    case ipv4 = "4"
    case ipv6 = "6"
    case version = "V"
    case help = "h"

    enum Argument {
        case none
        case required
        /// Only when it is attached.
        case optional
    }

    var argument: Argument {
        switch self {
        case .append, .check, .delete, .insert, .replace, .newChain, .renameChain, .policy, .source,
            .destination,
            .transportProtocol, .inputInterface, .outputInterface, .jump, .goto, .match, .table, .counters,
            .modprobe:
            .required
        case .list, .listRules, .flush, .zero, .deleteChain, .wait, .waitInterval, .help: .optional
        case .fragment, .verbose, .numeric, .exact, .lineNumbers, .ipv4, .ipv6, .version: .none
        }
    }

    static let longNames: [(name: String, option: BuiltInOption)] = [
        ("append", .append), ("delete", .delete), ("check", .check), ("insert", .insert),
        ("replace", .replace),
        ("list", .list), ("list-rules", .listRules), ("flush", .flush), ("zero", .zero),
        ("new-chain", .newChain), ("delete-chain", .deleteChain), ("rename-chain", .renameChain),
        ("policy", .policy), ("source", .source), ("destination", .destination), ("src", .source),
        ("dst", .destination), ("protocol", .transportProtocol), ("in-interface", .inputInterface),
        ("jump", .jump), ("table", .table), ("match", .match), ("numeric", .numeric),
        ("out-interface", .outputInterface), ("verbose", .verbose), ("wait", .wait),
        ("wait-interval", .waitInterval), ("exact", .exact), ("fragments", .fragment), ("version", .version),
        ("help", .help), ("line-numbers", .lineNumbers), ("modprobe", .modprobe), ("set-counters", .counters),
        ("goto", .goto), ("ipv4", .ipv4), ("ipv6", .ipv6),
    ]

    /// By the byte of its letter.
    static let byLetter: [BuiltInOption?] = (UInt8.min...UInt8.max).map { byte in
        BuiltInOption(rawValue: Character(Unicode.Scalar(byte)))
    }

    static let byLongName = Dictionary(longNames.map { ($0.name, $0.option) }) { first, _ in first }
}
