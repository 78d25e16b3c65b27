/// The value of a name.
enum ShellVariable {
    case single(ShellText)
    case list(ShellList)
    case table(ShellTable)

    /// Without an index, an array is its first element.
    var text: ShellText? {
        switch self {
        case .single(let text): text
        case .list(let list): list.elements[0]
        case .table(let table): table.values["0"]
        }
    }

    var values: [ShellText] {
        switch self {
        case .single(let text): [text]
        case .list(let list): list.elements.sorted { $0.key < $1.key }.map(\.value)
        case .table(let table): table.keys.compactMap { table.values[$0] }
        }
    }

    var keys: [String] {
        switch self {
        case .single: ["0"]
        case .list(let list): list.elements.keys.sorted().map(String.init)
        case .table(let table): table.keys
        }
    }
}

/// An array by numbers.
struct ShellList {
    private(set) var elements: [Int: ShellText] = [:]
    /// One more than the largest index.
    private var next = 0

    mutating func set(_ index: Int, _ text: ShellText) {
        let place = index < 0 ? next + index : index
        // bash refuses it: there is no such place.
        guard place >= 0 else { return }
        elements[place] = text
        next = max(next, place == .max ? place : place + 1)
    }

    mutating func append(_ text: ShellText) { set(next, text) }

    mutating func remove(_ index: Int) {
        let place = index < 0 ? next + index : index
        elements[place] = nil
        if place + 1 == next { next = (elements.keys.max() ?? -1) + 1 }
    }

    subscript(index: Int) -> ShellText? { elements[index < 0 ? next + index : index] }
}

/// An array by names.
struct ShellTable {
    private var inOrder: [String] = []
    private(set) var values: [String: ShellText] = [:]

    mutating func set(_ key: String, _ text: ShellText) {
        if values.updateValue(text, forKey: key) == nil { inOrder.append(key) }
    }

    mutating func remove(_ key: String) {
        guard values.removeValue(forKey: key) != nil else { return }
        inOrder.removeAll { $0 == key }
    }

    /// As bash 5 gives them: by the place in its table of 1,024 (FNV-1 of the bytes), the newest of a place first.
    var keys: [String] {
        inOrder.enumerated().map { (place: Self.place($0.element), number: $0.offset, key: $0.element) }
            .sorted { ($0.place, $1.number) < ($1.place, $0.number) }.map(\.key)
    }

    private static func place(_ key: String) -> UInt32 {
        key.utf8.reduce(2_166_136_261) { ($0 &* 16_777_619) ^ UInt32($1) } & 1_023
    }
}
