import Diagnostics

/// What a command of ipset does, by any of its spellings.
enum IpsetVerb: String, CaseIterable, Sendable {
    // In the order in which ipset looks for a beginning of one.
    case create, add, del, test, destroy, list, save, restore, flush, rename, swap, help, version

    init?(_ word: String) {
        switch word {
        case "n", "new", "-N", "--create", "--new": self = .create
        case "-A", "--add": self = .add
        case "-D", "--del": self = .del
        case "-T", "--test": self = .test
        case "x", "-X", "--destroy": self = .destroy
        case "-L", "--list": self = .list
        case "-S", "--save": self = .save
        case "-R", "--restore": self = .restore
        case "-F", "--flush": self = .flush
        case "e", "-E", "--rename": self = .rename
        case "w", "-W", "--swap": self = .swap
        case "-H", "--help": self = .help
        case "-V", "--version": self = .version
        default:
            guard !word.isEmpty, let verb = Self.allCases.first(where: { $0.rawValue.hasPrefix(word) }) else {
                return nil
            }
            self = verb
        }
    }

    /// So many words follow at least, and at most where more are none of it.
    var words: (least: Int, most: Int?) {
        switch self {
        case .create, .add, .del, .test: (2, nil)
        case .rename, .swap: (2, 2)
        case .destroy, .list, .save, .flush, .help: (0, 1)
        case .restore, .version: (0, 0)
        }
    }
}

/// A command of ipset with its options apart, which stand before or behind it.
struct IpsetCommand: Sendable {
    var verb: IpsetVerb
    var words: [String]
    var ignoresExisting = false
    var onlyNames = false
    var onlyHeads = false
    /// `-o save`
    var output: String?
    var file: String?

    init(_ words: [String]) throws(Refusal) {
        var (plain, rest): ([String], ArraySlice<String>) = ([], words[...])
        var (exists, names, heads) = (false, false, false)
        var (output, file): (String?, String?)
        func value(_ word: String, _ rest: inout ArraySlice<String>) throws(Refusal) -> String {
            guard let value = rest.popFirst() else {
                throw Refusal("ipset.words", "\(word) needs a word after it")
            }
            return value
        }
        while let word = rest.popFirst() {
            switch word {
            case "-!", "-exist", "--exist": exists = true
            case "-q", "-quiet", "--quiet", "-r", "-resolve", "--resolve", "-s", "-sorted", "--sorted": break
            case "-n", "-name", "--name": names = true
            case "-t", "-terse", "--terse": heads = true
            case "-o", "-output", "--output":
                let format = try value(word, &rest)
                guard ["plain", "save", "xml"].contains(format) else {
                    throw Refusal("ipset.output", "\(format) is no format: plain, save or xml")
                }
                output = format
            case "-f", "-file", "--file": file = try value(word, &rest)
            default: plain.append(word)
            }
        }
        guard let first = plain.first, let verb = IpsetVerb(first) else {
            throw Refusal("ipset.words", "ipset has no command \(plain.first ?? "")")
        }
        self.verb = verb
        self.words = Array(plain.dropFirst())
        (ignoresExisting, onlyNames, onlyHeads) = (exists, names, heads)
        (self.output, self.file) = (output, file)
        let (least, most) = verb.words
        guard self.words.count >= least else {
            throw Refusal("ipset.words", "\(verb.rawValue) needs \(least) words after it")
        }
        if let most, self.words.count > most {
            throw Refusal("ipset.words", "\(self.words[most]) belongs to no option of \(verb.rawValue)")
        }
    }
}
