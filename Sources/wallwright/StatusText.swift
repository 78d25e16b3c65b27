import Compiler
import Deployment
import Diagnostics
import FoundationEssentials
import Kernel
import Policy

/// How the firewall stands, for a terminal.
struct StatusText {
    private let status: HostStatus
    private let terminal = Terminal.output

    init(_ status: HostStatus) {
        self.status = status
    }

    func write() {
        terminal.write(interruption + standing + kernel + boot + log)
        switch status.kernel {
        case .holds: OpenText(status.open).write()
        case .differs, .elsewhere:
            OpenText(status.open, "what is open by the generation, and not by the kernel").write()
        case .bare, .minimum: break
        }
        terminal.write(counts + bans + watch)
        OpeningsText(status.openings).write()
    }

    private var log: Sentence {
        guard let log = status.log else { return "" }
        let quiet: Sentence = log.dropped == nil ? " (what is dropped is not logged)" : ""
        return "  log        \(log.place)\(quiet)\n"
    }

    /// The policy file, where it is not what is applied.
    private var file: Sentence {
        switch status.file {
        case nil, .same: ""
        case .differs(let difference):
            "             the file is not what is applied: \(difference.summary)\n"
                + "  do         sudo wallwright plan shows the difference\n"
        case .missing: "             the file is gone\n"
        case .unreadable(let reason): "             the file cannot be compared: \(reason)\n"
        }
    }

    private var interruption: Sentence {
        status.interrupted.map { (number) -> Sentence in
            "generation \(number) was interrupted before it was confirmed, and counts for nothing\n"
        } ?? ""
    }

    private var standing: Sentence {
        guard let standing = status.standing else {
            return
                "Wallwright has never confirmed a firewall here\ndo: sudo wallwright init, then plan, then apply\n"
        }
        let generation = standing.generation
        var text: Sentence
        switch standing.outcome {
        case .pending:
            let left = standing.secondsLeft.map { ", taken back in \($0) s" } ?? ", being committed"
            text = terminal.paint("generation \(generation.number) waits to be confirmed\(left)\n", .strong)
            text += "  do         from a new login: wallwright confirm \(generation.number)-CODE\n"
            text += "  more time  wallwright confirm --extend 10m\n"
            if !standing.isGuarded {
                let rest: Sentence =
                    status.isWatched
                    ? "; the watch takes it back in its time"
                    : ", and so is the watch: nothing will take it back!"
                text += terminal.paint("  guard      is gone\(rest)\n", .bad)
                text += "  do         sudo wallwright rollback takes it back now\n"
            }
        case .confirmed:
            let decided = standing.decision.map { ", confirmed \($0.time.text)" } ?? ""
            text = terminal.paint("generation \(generation.number)\(decided)\n", .strong)
        case .rollingBack, .rolledBack:
            text = terminal.paint("generation \(generation.number) is being taken back\n", .strong)
        }
        text += "  applied    \(generation.created.text) by \(generation.author)\n"
        if let path = generation.policyPath {
            text += "  policy     \(path)\(Self.source(generation.kind))\n"
            text += file
        }
        if case .restore(let places) = generation.kind {
            for (index, place) in places.enumerated() {
                text += index == 0 ? "  restores   \(place)\n" : "             \(place)\n"
            }
        }
        if let backend = generation.backend { text += "  backend    \(backend.rawValue)\n" }
        return text
    }

    private var kernel: Sentence {
        switch status.kernel {
        case .holds: return "  kernel     \(terminal.paint("holds what was applied", .good))\n"
        case .bare:
            return "  kernel     has no rules of Wallwright: Wallwright blocks nothing now\n"
        case .minimum:
            let words = "holds the minimum only: SSH and pings get in, the rest is dropped"
            return "  kernel     \(terminal.paint(words, .bad))\n\(Self.mend)"
        case .elsewhere(let reason):
            return "  kernel     \(terminal.paint(reason, .bad))\n  do         sudo wallwright apply\n"
        case .differs(let differences):
            let shown = differences.prefix(6).map { Sentence("             \($0)\n") }.joined()
            let more: Sentence =
                differences.count > 6 ? "             and \(differences.count - 6) more\n" : ""
            return "  kernel     \(terminal.paint("does not hold what was applied:", .bad))\n\(shown)\(more)"
                + "  do         \(repair)\n"
        }
    }

    /// What brings the generation back that should be there.
    private var repair: String {
        status.standing?.outcome == .confirmed && status.damage == nil
            ? "sudo wallwright boot puts the generation back" : "sudo wallwright apply"
    }

    private static func source(_ kind: Generation.Kind) -> String {
        switch kind {
        case .apply, .remove, .restore: ""
        case .refresh(let changes): ", since \(changes.joined(separator: "; "))"
        case .rollback(let number): ", as it was in generation \(number)"
        }
    }

    private var boot: Sentence {
        guard status.standing != nil else { return "" }
        let damage =
            status.damage.map { Sentence("  files      \(terminal.paint($0, .bad))\n\(Self.mend)") } ?? ""
        return damage
            + status.boot.lines.enumerated().map { index, line in
                Sentence("\(index == 0 ? "  boot       " : "             ")\(line)\n")
            }.joined()
    }

    private var counts: Sentence {
        guard !status.counts.isEmpty else { return "" }
        var text: Sentence = "\n     packets       bytes  line\n"
        for count in status.counts where count.packets > 0 || count.isOfPolicy {
            text +=
                "  \(Self.right("\(count.packets)", 10))  \(Self.right(Self.size(count.bytes), 10))  \(count.line)\n"
        }
        for fill in status.fills where fill.buckets > 0 {
            text += "  limit      \(fill.buckets) of \(fill.size) buckets in use  \(fill.comment)\n"
        }
        return text
    }

    private var bans: Sentence {
        guard !status.bans.isEmpty || !status.areBansHeld else { return "" }
        let text: Sentence = "\n  bans       \(status.bans.count); `wallwright ban` lists them\n"
        guard !status.areBansHeld else { return text }
        return text + "  kernel     \(terminal.paint("does not hold the bans as they are listed", .bad))\n"
            + Self.mend
    }

    private var watch: Sentence {
        var text: Sentence =
            status.events.isEmpty
            ? "" : "\n  lately\n" + status.events.map { Sentence("             \($0)\n") }.joined()
        if let fight = status.fight {
            text += "  fight      \(terminal.paint(fight.sentence, .bad))\n  do         \(fight.advice)\n"
        }
        if !status.isWatched, case .holds = status.kernel {
            let lack = "not running: rules that other programs remove are not restored"
            text += "  watch      \(terminal.paint(lack, .bad))\n" + Self.mend
        }
        return text
    }

    /// Every command of a change starts the watch, which mends.
    private static let mend: Sentence = "  do         sudo wallwright apply\n"

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// `7.2 kB`, in powers of a thousand.
    private static func size(_ bytes: UInt64) -> String {
        var (value, unit) = (Double(bytes), 0)
        let units = ["B", "kB", "MB", "GB", "TB", "PB"]
        while value >= 1_000, unit < units.count - 1 {
            value /= 1_000
            unit += 1
        }
        guard unit > 0 else { return "\(bytes) B" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
