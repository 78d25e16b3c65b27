import Deployment
import Diagnostics

/// Who else opens what on a host, for a terminal; nothing where nobody does.
struct OpeningsText {
    private let openings: [Opening]

    init(_ openings: [Opening]) {
        self.openings = openings
    }

    func write() {
        guard !openings.isEmpty else { return }
        Terminal.output.write("\nwho else opens what here:\n")
        for line in Opening.lines(openings) { Terminal.output.write("  \(line)\n") }
    }
}
