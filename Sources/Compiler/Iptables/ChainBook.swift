import Netfilter
import Policy

/// The chains of a table while they are written.
struct ChainBook {
    private(set) var all: [Chain] = []
    private var places: [String: Int] = [:]
    private var numbers: [String: Int] = [:]

    /// Starts a chain; it stands behind those that were started before.
    mutating func start(_ name: String, comment: String? = nil) {
        places[name] = all.count
        all.append(Chain(name, comment: comment))
    }

    /// Starts a chain named for its stage and a number that no content has a part in.
    ///
    /// The kernel takes 28 bytes (x_tables.h, XT_FUNCTION_MAXNAMELEN): with letters among its digits, a number of
    /// four places fits behind the longest stem and counts to 1.6 million. The letters are small ones: `-NEW` and
    /// `-S` are names of stages.
    mutating func startNext(_ stem: String, comment: String? = nil) -> String {
        numbers[stem, default: 0] += 1
        let name = "\(stem)-\(String(numbers[stem, default: 0], radix: 36))"
        start(name, comment: comment)
        return name
    }

    mutating func add(_ rules: [Rule], to chain: String) {
        guard let place = places[chain] else { return }
        all[place].rules += rules
    }

    mutating func add(_ rule: Rule, to chain: String) {
        add([rule], to: chain)
    }
}

extension Table {
    /// Chains that a packet may pass one behind the other, the built-in one left out: the kernel counts
    /// gotos like jumps when it checks a ruleset (nf_tables.h, NFT_JUMP_STACK_SIZE is 16) [measured].
    static let longestWayInKernel = 15

    /// The most chains one behind the other, counting those that are jumped to and gone to.
    var longestWay: Int {
        let targets = Dictionary(
            uniqueKeysWithValues: chains.map { ($0.name, $0.rules.compactMap(\.target)) }
        )
        var known: [String: Int] = [:]
        func way(from chain: String) -> Int {
            if let length = known[chain] { return length }
            let length = 1 + (targets[chain] ?? []).reduce(0) { max($0, way(from: $1)) }
            known[chain] = length
            return length
        }
        return chains.filter { $0.hook != nil }.map { way(from: $0.name) - 1 }.max() ?? 0
    }
}

extension Rule {
    fileprivate var target: String? {
        switch verdict {
        case .jump(let chain), .goto(let chain): chain
        default: nil
        }
    }
}
