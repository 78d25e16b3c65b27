import PacketModel
import Policy

/// Services as people call them: names of the catalogue where they are exact, else `tcp/8443`.
struct ServiceWords {
    /// One word, and what it stands for.
    struct Word {
        var text: String
        var services: IntervalSet<UInt64>
    }

    let words: [Word]
    /// The words are what is not meant.
    private let isComplement: Bool
    private let isEverything: Bool

    /// `title` is that of a line; of several names for the same ports, those in it are taken.
    init(_ services: IntervalSet<UInt64>, title: String = "") {
        isEverything = services == PacketBox.everyService
        let count = services.intervals.reduce(0) { $0 + ($1.upper - $1.lower) + 1 }
        isComplement = !isEverything && count > 0x80_0000
        let named = isComplement ? PacketBox.everyService.subtracting(services) : services
        words = isEverything ? [] : Self.ordered(Self.words(named, title: title), title: title)
    }

    /// `ssh`, `http and https`, `everything but telnet`.
    var text: String {
        if isEverything { return "everything" }
        let list = WordList.text(words.map(\.text))
        return isComplement ? "everything but \(list)" : list
    }

    /// As a line of a policy has it: `ssh`, `[http, tcp/8443]`, `any`.
    var policyText: String {
        if isEverything || isComplement { return "any" }
        return words.count == 1 ? words[0].text : "[\(words.map(\.text).joined(separator: ", "))]"
    }

    private static func words(_ services: IntervalSet<UInt64>, title: String) -> [Word] {
        let intervals = services.intervals.flatMap(\.byForm)
        var left = Set(intervals)
        let hints = Set(Self.names(in: title))
        var words: [Word] = []
        for interval in intervals where left.contains(interval) {
            if let name = name(interval, among: left, hints: hints) {
                words.append(Word(text: name.text, services: IntervalSet(name.intervals)))
                left.subtract(name.intervals)
            } else {
                words.append(Word(text: interval.form, services: IntervalSet(interval)))
                left.remove(interval)
            }
        }
        return words
    }

    /// As the line has them; else by port, and what has no ports last.
    private static func ordered(_ words: [Word], title: String) -> [Word] {
        let places = Dictionary(
            names(in: title).enumerated().map { ($1, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let ranks = words.enumerated().map { number, word in
            let hasPorts =
                word.services.intervals.first.map { Interval.transport($0.lower).hasPorts } ?? false
            return [places[word.text] ?? places.count, hasPorts ? 0 : 1, number]
        }
        return zip(ranks, words).sorted { $0.0.lexicographicallyPrecedes($1.0) }.map(\.1)
    }

    private static func names(in title: String) -> [String] {
        title.split { !$0.isLetter && !$0.isNumber && !"-/".contains($0) }.map(String.init)
    }

    /// The largest service that begins with this interval and has nothing else than what is left.
    private static func name(
        _ interval: Interval<UInt64>,
        among left: Set<Interval<UInt64>>,
        hints: Set<String>
    ) -> CatalogueName? {
        let fitting = (catalogue[interval] ?? []).filter { $0.intervals.allSatisfy(left.contains) }
        if let meant = fitting.first(where: { !hints.isDisjoint(with: $0.names) }) { return meant }
        guard let largest = fitting.first else { return nil }
        // Two services on the same ports: the ports say more than either name.
        let isAmbiguous = fitting.dropFirst().first?.intervals == largest.intervals
        return isAmbiguous ? nil : largest
    }

    private struct CatalogueName {
        var text: String
        var names: [String]
        var intervals: [Interval<UInt64>]
    }

    /// By the first interval, the largest first.
    private static let catalogue: [Interval<UInt64>: [CatalogueName]] = {
        var result: [Interval<UInt64>: [CatalogueName]] = [:]
        for service in ServiceCatalogue.all {
            let intervals = IntervalSet<UInt64>(service.members).intervals.flatMap(\.byForm)
            guard let first = intervals.first else { continue }
            let name = CatalogueName(
                text: service.name,
                names: [service.name] + service.aliases,
                intervals: intervals
            )
            result[first, default: []].append(name)
        }
        return result.mapValues { $0.sorted { $0.intervals.count > $1.intervals.count } }
    }()
}

extension Interval where Bound == UInt64 {
    /// Cut so that each part has a form of its own: at protocols, and at types of ICMP.
    fileprivate var byForm: [Interval] {
        var parts: [Interval] = []
        var start = lower
        while let interval = Interval(start, min(upper, Self.end(from: start, upTo: upper))) {
            parts.append(interval)
            guard interval.upper < upper else { break }
            start = interval.upper + 1
        }
        return parts
    }

    /// The last service with the form that begins at `start`.
    private static func end(from start: UInt64, upTo last: UInt64) -> UInt64 {
        let whole = start | 0xFFFF
        let isWhole = start & 0xFFFF == 0 && last >= whole
        return isWhole || !transport(start).hasTypes ? whole : start | 0xFF
    }

    fileprivate var form: String {
        let members = Interval<UInt16>(
            UInt16(truncatingIfNeeded: lower),
            UInt16(truncatingIfNeeded: upper)
        )
        return ServiceSet(Self.transport(lower), members.map { IntervalSet($0) } ?? []).description
    }

    fileprivate static func transport(_ service: UInt64) -> IPProtocol {
        IPProtocol(number: UInt8(truncatingIfNeeded: service >> 16))
    }
}
