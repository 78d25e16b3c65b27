import Glibc

/// One line of the report.
struct Finding {
    var subject: String
    /// The measured value, ready to print.
    var value: String
    /// The value that `limit` is about.
    var measured: Double?
    var limit: Double?
    /// What the measured value is, or is relative to.
    var note = ""

    var passes: Bool {
        guard let limit else { return true }
        return (measured ?? .infinity) <= limit
    }
}

/// Prints findings as tables while they come, and remembers which are over their limits.
struct Report {
    private(set) var failures: [String] = []

    mutating func section(_ title: String, _ findings: [Finding]) {
        print("\n\(title)")
        let width = (findings.map(\.subject.count).max() ?? 0) + 2
        for finding in findings {
            var line = "  " + pad(finding.subject, width) + pad(finding.value, 28)
            if let limit = finding.limit {
                line += pad("limit \(number(limit, 2))", 14) + (finding.passes ? "ok" : "OVER")
            } else {
                line += pad("reported", 14)
            }
            print(finding.note.isEmpty ? line : pad(line, width + 50) + finding.note)
            if !finding.passes { failures.append("\(title): \(finding.subject)") }
        }
        // Seen at once, through a pipe too.
        fflush(nil)
    }

    func printConclusion() {
        print("")
        if failures.isEmpty {
            print("Everything is within its limits.")
        } else {
            print("Over the limit:")
            for failure in failures { print("  \(failure)") }
        }
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}

/// A number with a fixed count of decimals.
func number(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = Int((value.magnitude * scale).rounded())
    let sign = value < 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(scaled)" }
    let fraction = String(scaled % Int(scale))
    let zeros = String(repeating: "0", count: decimals - fraction.count)
    return "\(sign)\(scaled / Int(scale)).\(zeros)\(fraction)"
}
