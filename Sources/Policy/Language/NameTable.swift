import Diagnostics

/// The names that a policy defines, which may refer to each other.
struct NameTable<Value> {
    enum State {
        case unread(YAMLEntry)
        case reading
        /// Nil after an error.
        case read(Value?)
    }

    /// `service`, `set`.
    let kind: String
    /// The start of its diagnostics' codes.
    let code: String
    private(set) var states: [String: State] = [:]
    /// The names that are being read, the outermost first.
    fileprivate var path: [String] = []

    /// The name whose value is read now.
    var current: String? { path.last }

    /// Longer chains of names are refused; reading them recurses.
    static var longestChain: Int { 32 }

    init(kind: String, code: String) {
        self.kind = kind
        self.code = code
    }

    mutating func define(_ entry: YAMLEntry) {
        states[entry.key] = .unread(entry)
    }

    fileprivate mutating func update(_ name: String, _ state: State) {
        states[name] = state
    }
}

extension Reading {
    /// The value of a defined name, read now if it was not before. Nil when it is undefined, or after an error.
    mutating func value<Value>(
        of name: String,
        in table: WritableKeyPath<Reading, NameTable<Value>>,
        at range: SourceRange,
        read: (YAMLNode, inout Reading) -> Value?
    ) -> Value? {
        let (kind, code) = (self[keyPath: table].kind, self[keyPath: table].code)
        switch self[keyPath: table].states[name] {
        case nil:
            return nil
        case .read(let value):
            return value
        case .reading:
            let cycle = self[keyPath: table].path.drop { $0 != name } + [name]
            let chain = cycle.joined(separator: " → ")
            report("\(code).cycle", "the \(kind) `\(name)` is made of itself", at: range, chain)
            return nil
        case .unread(let entry):
            guard self[keyPath: table].path.count < NameTable<Value>.longestChain else {
                report("\(code).depth", "this chain of names is too long", at: range)
                return nil
            }
            self[keyPath: table].update(name, .reading)
            self[keyPath: table].path.append(name)
            let value = read(entry.value, &self)
            self[keyPath: table].path.removeLast()
            self[keyPath: table].update(name, .read(value))
            return value
        }
    }
}
