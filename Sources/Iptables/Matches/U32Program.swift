/// The tests of `u32`, which must all hold: where to read, and what may stand there (iptables-extensions(8)).
struct U32Program: Hashable, Sendable {
    /// How a number changes what was read so far.
    enum Operation: String, CaseIterable, Sendable {
        case and = "&"
        case shiftLeft = "<<"
        case shiftRight = ">>"
        /// Moves to the offset that was read, and reads from there.
        case at = "@"
    }

    struct Step: Hashable, Sendable {
        /// Nil for the first, which is where reading begins.
        var operation: Operation?
        var number: UInt32
    }

    struct Range: Hashable, Sendable {
        var low: UInt32
        var high: UInt32
    }

    struct Test: Hashable, Sendable {
        var steps: [Step] = []
        var ranges: [Range] = []
    }

    private(set) var tests: [Test] = []

    /// XT_U32_MAXSIZE (linux/netfilter/xt_u32.h): of tests, of steps and of ranges.
    private static let most = 10

    /// Reads the text as the tool does: blanks may stand around numbers and signs.
    init(_ bytes: [UInt8]) throws(Refusal) {
        var reader = Reader(rest: bytes[...])
        repeat {
            guard tests.count < Self.most else { throw Self.tooMany("tests") }
            tests.append(try reader.test())
        } while try reader.takeAnd()
    }

    private static func tooMany(_ what: String) -> Refusal {
        Refusal("value.u32.many", "there are more than \(most) \(what)")
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func test() throws(Refusal) -> Test {
            var test = Test(steps: [Step(operation: nil, number: try number())])
            while !take("=") {
                guard let operation = Operation.allCases.first(where: { take($0.rawValue) }) else {
                    throw refusal("one of & << >> @ = is missing")
                }
                guard test.steps.count < most else { throw tooMany("steps") }
                let number = try number()
                if operation == .shiftLeft || operation == .shiftRight, number > 31 {
                    throw Refusal(
                        "value.u32.shift",
                        "the kernel refuses to shift by \(number) bits: 31 are the most"
                    )
                }
                test.steps.append(Step(operation: operation, number: number))
            }
            repeat {
                guard test.ranges.count < most else { throw tooMany("ranges") }
                let low = try number()
                test.ranges.append(Range(low: low, high: take(":") ? try number() : low))
            } while take(",")
            return test
        }

        /// False at the end of the text.
        mutating func takeAnd() throws(Refusal) -> Bool {
            if take("&&") { return true }
            guard rest.isEmpty else { throw refusal("a comma or && is missing") }
            return false
        }

        /// What comes next, after blanks.
        private mutating func take(_ text: String) -> Bool {
            rest = rest.drop(while: Ascii.isSpace)
            guard rest.starts(with: text.utf8) else { return false }
            rest = rest.dropFirst(text.utf8.count)
            return true
        }

        private mutating func number() throws(Refusal) -> UInt32 {
            guard let (value, after) = NumberText.prefix(rest), let number = UInt32(exactly: value) else {
                throw refusal("a number of 32 bits is missing")
            }
            rest = after
            return number
        }

        private func refusal(_ message: String) -> Refusal {
            let place = rest.isEmpty ? "at the end" : "before \(String(decoding: rest, as: UTF8.self))"
            return Refusal("value.u32", "\(message) \(place)")
        }
    }
}

extension U32Program: CustomStringConvertible {
    /// As iptables-save prints it.
    var description: String { tests.map(\.text).joined(separator: "&&") }
}

extension U32Program.Test {
    fileprivate var text: String {
        let location = steps.map { ($0.operation?.rawValue ?? "") + NumberText.hex(UInt64($0.number)) }
            .joined()
        return location + "=" + ranges.map(\.text).joined(separator: ",")
    }
}

extension U32Program.Range {
    fileprivate var text: String {
        let low = NumberText.hex(UInt64(low))
        return self.low == high ? low : "\(low):\(NumberText.hex(UInt64(high)))"
    }
}
