/// The sites of a step, as strace(1) shows them.
struct FaultSites: Sendable {
    private(set) var sites: [FaultSite] = []

    /// From where strace follows a call's process, and which of the calls that it then counts this one is.
    private struct Place: Hashable {
        var gate: String?
        var how: ToolSpies.Plan.How
        var thread: Int
        var call: String

        func isBeside(_ other: Place) -> Bool {
            gate == other.gate && how == other.how && call == other.call && thread != other.thread
        }
    }

    private struct Key: Hashable {
        var process: String
        var place: Place
        var words: String

        /// What starts a thread once more, and what a tool asks that changes nothing here.
        var isOfLittleWeight: Bool {
            if ["clone3", "memfd_create", "pipe2"].contains(place.call) { return true }
            return ["save", "list", "--test", "--check", "in a copy"].contains { process.contains($0) }
        }
    }

    /// Of calls that a process makes again and again, without anything else having changed, the first and the last are
    /// sites; of those of a tool that changes nothing here, the first.
    init(_ log: StraceLog, on host: FaultHost) {
        var earlier: [Place: [String]] = [:]
        var order: [Key] = []
        var found: [Key: [FaultSite]] = [:]
        for call in log.calls {
            let general = host.general(call.text)
            let words = CallWords(call.name, call.text, on: host)
            guard let place = Self.place(of: call, lasts: words?.kind == .disk) else { continue }
            defer { earlier[place, default: []].append(general) }
            guard let words else { continue }
            func count(_ texts: [String]?) -> Int {
                texts?.count { text in words.path.map { text.names($0) } ?? true } ?? 0
            }
            let number = 1 + count(earlier[place])
            // Another thread would come first.
            let others = earlier.filter { $0.key.isBeside(place) }.map { count($0.value) }
            guard !others.contains(where: { $0 >= number }) else { continue }
            let site = FaultSite(
                process: call.process.name,
                gate: place.gate,
                how: place.how,
                call: call.name,
                words: words.words,
                path: words.path,
                kind: words.kind,
                number: number
            )
            var key = Key(process: site.process, place: place, words: site.words)
            key.place.thread = 0
            if words.kind == .question { (key.words, key.place.call) = ("a question", "") }
            if found[key] == nil { order.append(key) }
            found[key, default: []].append(site)
        }
        for key in order {
            guard let sites = found[key], let first = sites.first, let last = sites.last else { continue }
            let isOne = first == last || key.isOfLittleWeight
            self.sites += isOne ? [first] : [first, last]
        }
    }

    /// Nil for a call that is no site of its process.
    private static func place(of call: StraceLog.Call, lasts: Bool) -> Place? {
        let process = call.process
        func place(_ gate: String?, _ how: ToolSpies.Plan.How) -> Place {
            Place(gate: gate, how: how, thread: call.thread, call: call.name)
        }
        if process.isTool {
            // These two become, or start, what is followed by itself.
            guard let start = process.start, !process.name.hasPrefix("setsid"),
                !process.name.hasPrefix("nsenter"), !lasts
            else { return nil }
            return place(start, .on)
        }
        if let gate = lasts ? process.wide : process.narrow { return place(gate, lasts ? .after : .until) }
        if let start = process.start { return place(start, .on) }
        return place(nil, lasts ? .after : .until)
    }
}

extension String {
    /// Whether strace's `-P` would find the path in a call.
    fileprivate func names(_ path: String) -> Bool { contains("\"\(path)\"") || contains("<\(path)>") }
}
