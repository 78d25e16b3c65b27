import Diagnostics
import Foundation
import Iptables
import PacketModel

/// Asks the real tools what they make of rules, many at a time, and Wallwright for the same.
enum Oracle {
    enum Answer: Equatable {
        case refused
        /// What iptables-save prints, without comments.
        case printed(String)

        var shown: String {
            switch self {
            case .refused: "refuses it"
            case .printed(let text): "prints \(text)"
            }
        }

        /// The rules without the chains around them.
        var rule: Answer {
            guard case .printed(let text) = self else { return self }
            let lines = text.split(separator: "\n").filter { $0.hasPrefix("-A") }
            return .printed(lines.joined(separator: "\n"))
        }
    }

    /// The files of this host, as the tools read them.
    static let names = NameDatabase(
        services: text("/etc/services"),
        protocols: text("/etc/protocols"),
        hosts: text("/etc/hosts"),
        networks: text("/etc/networks"),
        users: text("/etc/passwd"),
        groups: text("/etc/group"),
        realms: text("/etc/iproute2/rt_realms"),
        deviceGroups: text("/etc/iproute2/group"),
        release: installed
    )

    /// The tools that are asked are those of the host, whichever they are.
    private static let installed: IptablesRelease = {
        let answer = try? Sandbox.run("iptables-nft --version").output
        return answer.flatMap(IptablesRelease.init(answer:)) ?? .v1_8_9
    }()

    private static func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }

    static func ours(file: String, _ family: IPFamily, _ names: NameDatabase = names) -> Answer {
        let source = SourceFile(name: "rules", text: file)
        let (saved, errors) = SaveFileReader.read(source, family: family, names: names)
        let (ruleset, more) = LoadedRuleset.load(saved, from: source, family: family)
        if (errors + more).hasErrors { return .refused }
        return .printed(
            withoutComments(String(decoding: ruleset.text(from: source, names: names), as: UTF8.self))
        )
    }

    /// The line that the rule becomes.
    static func ours(_ oracleCase: OracleCase, _ family: IPFamily) -> Answer {
        ours(file: "*\(oracleCase.table)\n\(oracleCase.text)\nCOMMIT\n", family).rule
    }

    static func answer(toFile text: String, _ family: IPFamily) throws -> Answer {
        let tool = family == .ipv4 ? "iptables" : "ip6tables"
        let script =
            "\(setUp(family))\n\(tool)-nft-restore < $DIR/rules >/dev/null 2>&1 && \(tool)-nft-save 2>/dev/null || echo REFUSED"
        let result = try Sandbox.run(script, files: ["rules": text])
        if result.output.hasSuffix("REFUSED\n") { return .refused }
        return .printed(withoutComments(result.output))
    }

    private static func withoutComments(_ text: String) -> String {
        text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined(separator: "\n")
    }

    /// One namespace for all. What we take is loaded many lines at a time; a block that the tool refuses, and what
    /// we refuse, line by line.
    static func answers(to cases: [OracleCase], _ family: IPFamily) throws -> [Answer] {
        let tool = family == .ipv4 ? "iptables" : "ip6tables"
        let other = family == .ipv4 ? "ip6tables" : "iptables"
        let script = """
            \(setUp(family))
            # Estimators belong to both families, and no case touches this one.
            for name in one two 012345678901234; do
                \(other)-nft -A INPUT -j RATEEST --rateest-name $name --rateest-interval 250ms --rateest-ewma 1s
            done
            one() {
                number=${1%% *}; rest=${1#* }; table=${rest%% *}
                if printf '*%s\\n%s\\nCOMMIT\\n' "$table" "${rest#* }" | \(tool)-nft-restore >/dev/null 2>&1; then
                    echo "CASE $number"
                    \(tool)-nft-save -t $table 2>/dev/null | grep -- '^-A' || true
                fi
            }
            for block in $DIR/block-*; do
                { read -r table; { echo "*$table"; sed 's/^[^ ]* [^ ]* //'; echo COMMIT; } > $DIR/rules; } < $block
                if \(tool)-nft-restore < $DIR/rules >/dev/null 2>&1; then
                    sed -n 's/^\\([0-9]*\\) .*/CASE \\1/p' $block
                    \(tool)-nft-save -t $table 2>/dev/null | grep -- '^-A' || true
                else
                    sed 1d $block >> $DIR/singles
                fi
            done
            while IFS= read -r line; do one "$line"; done < $DIR/singles
            """
        var files: [String: String] = ["singles": ""]
        var blocks: [String: [String]] = [:]
        for (number, oracleCase) in cases.enumerated() {
            let line = "\(number) \(oracleCase.table) \(oracleCase.text)"
            if ours(oracleCase, family) == .refused {
                files["singles", default: ""] += line + "\n"
            } else {
                blocks[oracleCase.table, default: []].append(line)
            }
        }
        for (table, lines) in blocks {
            for start in stride(from: 0, to: lines.count, by: blockSize) {
                let part = lines[start..<min(start + blockSize, lines.count)]
                files["block-\(table)-\(start)"] = "\(table)\n" + part.map { $0 + "\n" }.joined()
            }
        }
        return parse(try Sandbox.run(script, files: files).output, cases)
    }

    /// What rules name and the kernel must have.
    private static func setUp(_ family: IPFamily) -> String {
        let inet = family == .ipv4 ? "inet" : "inet6"
        return """
            for name in addresses hosts 0123456789012345678901234567890 "a b"; do
                ipset create "$name" hash:ip family \(inet) counters
            done
            ipset create pairs hash:ip,port family \(inet)
            ipset create ports bitmap:port range 0-65535
            ipset create lists list:set
            """
    }

    /// Whether the tool takes each of the rules, whatever the kernel says: its own refusals end with status 2.
    static func takenByTool(_ cases: [OracleCase], _ family: IPFamily) throws -> [Bool] {
        let script = """
            while read -r table line; do
                status=0
                printf '*%s\\n%s\\nCOMMIT\\n' "$table" "$line" |
                    \(family == .ipv4 ? "iptables" : "ip6tables")-nft-restore >/dev/null 2>&1 || status=$?
                echo $status
            done < $DIR/cases
            """
        let lines = cases.map { "\($0.table) \($0.text)\n" }.joined()
        return try Sandbox.run(script, files: ["cases": lines]).output.split(separator: "\n").map {
            $0 != "2"
        }
    }

    private static let blockSize = 100

    private static func parse(_ output: String, _ cases: [OracleCase]) -> [Answer] {
        var answers = [Answer](repeating: .refused, count: cases.count)
        var numbers: [Int] = []
        var lines: [String] = []
        func close() {
            // The tool keeps the order within a chain, and prints chains in an order of its own.
            var queues: [String: [String]] = [:]
            for line in lines.reversed() { queues[chain(line), default: []].append(line) }
            for number in numbers {
                answers[number] = .printed(queues[chain(cases[number].text)]?.popLast() ?? "")
            }
            (numbers, lines) = ([], [])
        }
        for line in output.split(separator: "\n").map(String.init) {
            if line.hasPrefix("CASE ") {
                if !lines.isEmpty { close() }
                if let number = Int(line.dropFirst(5)) { numbers.append(number) }
            } else {
                lines.append(line)
            }
        }
        close()
        return answers
    }

    private static func chain(_ line: String) -> String {
        let words = line.split(separator: " ", maxSplits: 2)
        return words.count > 1 ? String(words[1]) : ""
    }
}
