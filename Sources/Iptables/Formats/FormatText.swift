import Diagnostics

/// The lines of a text that say something, and what they show of its format.
struct FormatText {
    private let source: SourceFile
    private let shebang: Substring?
    /// Without blanks at their ends, comments and empty lines.
    let lines: [Substring]
    private let hasNul: Bool

    /// So many lines are looked at.
    private static let most = 300

    init(_ source: SourceFile) {
        self.source = source
        hasNul = source.bytes.prefix(4_096).contains(0)
        let text = String(decoding: source.bytes.prefix(1 << 16), as: UTF8.self)
        let all = text.split(whereSeparator: \.isNewline)
        shebang = all.first.flatMap { $0.hasPrefix("#!") ? $0 : nil }
        lines = all.lazy.map { Self.trimmed($0) }.filter { !$0.isEmpty && $0.first != "#" && $0.first != ";" }
            .prefix(Self.most).map(\.self)
    }

    private static func trimmed(_ line: Substring) -> Substring {
        var line = line.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        while let last = line.last, last.isWhitespace { line.removeLast() }
        return line
    }

    private var first: Substring { lines.first ?? "" }

    private func has(_ line: (Substring) -> Bool) -> Bool { lines.contains(where: line) }

    // MARK: By the very beginning

    /// What the first bytes tell for certain.
    var certain: RulesFormat? {
        if hasNul { return .foreign(.binary) }
        if let shebang { return Self.format(ofProgram: shebang) }
        if first.hasPrefix("<") { return .foreign(xmlFormat) }
        let second = first.dropFirst().first { !$0.isWhitespace } ?? lines.dropFirst().first?.first
        if first.hasPrefix("{"), second == "\"" || first == "{}" {
            return .foreign(has { $0.contains("\"nftables\"") } ? .nftablesJSON : .json)
        }
        if first.hasPrefix("["), second == "{" || second == "\"" { return .foreign(.json) }
        if first.wholeMatch(of: /\[[A-Za-z][\w .:-]*\]/) != nil { return .foreign(.ini) }
        return nil
    }

    private static func format(ofProgram shebang: Substring) -> RulesFormat {
        let names = shebang.dropFirst(2).split { $0 == " " || $0 == "/" || $0 == "\t" }
        if names.contains("nft") { return .nftables }
        let others = ["python", "perl", "ruby", "node", "php", "lua", "tclsh", "awk", "gawk"]
        if names.contains(where: { name in others.contains { name.hasPrefix($0) } }) {
            return .foreign(.program)
        }
        return names.contains { $0.contains("ferm") } ? .foreign(.ferm) : .script
    }

    private var xmlFormat: ForeignFormat {
        if has({ $0.hasPrefix("<iptables-rules") }) { return .iptablesXML }
        let roots = ["<zone", "<service", "<direct", "<ipset", "<policy", "<icmptype", "<helper"]
        return has { line in roots.contains { line.hasPrefix($0) } } ? .firewalldXML : .xml
    }

    // MARK: By a line that only one format has

    var signed: RulesFormat? {
        if isListing { return .listing(listedTable) }
        if first.wholeMatch(of: /Status: (active|inactive)/) != nil { return .foreign(.ufwStatus) }
        // Before save files, whose lines may begin with a dash as well.
        if first.hasPrefix("---"), let yaml = yamlFormat { return yaml }
        if first.firstMatch(of: /^-\s*(?:allow|deny)\s*:/) != nil { return .policy }
        if ScriptReading.isSaveFile(source) { return .saveFile }
        if let yaml = yamlFormat { return yaml }
        // Only nft names a family there.
        if first.firstMatch(of: /^table (ip|ip6|inet|arp|bridge|netdev) [\w-]+/) != nil { return .nftables }
        if first.firstMatch(of: /^include\s+"/) != nil { return .nftables }
        if isNftables { return isFerm ? .foreign(.ferm) : .nftables }
        if first.firstMatch(of: /^create \S+ (hash|bitmap|list):/) != nil { return .ipsets }
        if first.firstMatch(of: /^Chain \S+ \((policy|\d+ references)/) != nil {
            return .foreign(.iptablesList)
        }
        if first.wholeMatch(of: /\S+ \((active|default|active, default|default, active)\)/) != nil,
            has({ $0.hasPrefix("target:") })
        {
            return .foreign(.firewalldListing)
        }
        return nil
    }

    /// Commands without the name of the tool before them, and without a table around them.
    private var isListing: Bool {
        !lines.isEmpty && lines.allSatisfy { $0.firstMatch(of: /^(\[\d+:\d+\] )?-(P|N|A|I) \S/) != nil }
    }

    /// The chains that are there show it, for -S prints the policy of each.
    private var listedTable: BuiltInTable {
        let words = lines.map { $0.split(separator: " ") }
        let policies = Set(
            words.compactMap { $0.first == "-P" ? $0.dropFirst().first.map(String.init) : nil }
        )
        let named = BuiltInTable.allCases.filter { Set($0.chains.map(\.rawValue)) == policies }
        if let only = named.first(where: { $0 == .filter }) ?? named.first { return only }
        let isOfNAT = has {
            $0.firstMatch(of: /-j (DNAT|SNAT|MASQUERADE|REDIRECT|NETMAP)\b/) != nil
        }
        if isOfNAT { return .nat }
        let chains = Set(words.compactMap { $0.dropFirst().first.map(String.init) })
        let builtIn = chains.filter { BuiltInChain(rawValue: $0) != nil }
        func holds(_ table: BuiltInTable) -> Bool { builtIn.isSubset(of: table.chains.map(\.rawValue)) }
        return [.filter, .nat, .mangle].first(where: holds) ?? .filter
    }

    private var yamlFormat: RulesFormat? {
        if first.hasPrefix("wallwright") && first.firstMatch(of: /^wallwright\s*:/) != nil { return .policy }
        let keys = lines.compactMap { $0.firstMatch(of: /^([A-Za-z][A-Za-z0-9_-]*)\s*:(\s|$)/)?.output.1 }
        guard first.hasPrefix("---") || first.firstMatch(of: /^[A-Za-z][A-Za-z0-9_-]*:(\s|$)/) != nil else {
            return nil
        }
        let own = ["wallwright", "inbound", "outbound", "management", "baseline"]
        return keys.contains { own.contains(String($0)) } ? .policy : .foreign(.yaml)
    }

    private var isNftables: Bool {
        let patterns: [Regex<Substring>] = [
            /^table (?:ip |ip6 |inet |arp |bridge |netdev )?[\w-]+\s*\{?.*/,
            /^flush (?:ruleset|table|chain|set|map)\b.*/,
            /^(?:add|create|delete|destroy|insert) (?:table|chain|rule|set|map|element|flowtable|counter)\b.*/,
        ]
        if patterns.contains(where: { first.wholeMatch(of: $0) != nil }) { return true }
        let isOpening = first.firstMatch(of: /^(define \S+ =|include ")/) != nil
        return isOpening
            && has { $0.hasPrefix("table ") || $0.hasPrefix("flush ") || $0.hasPrefix("define ") }
    }

    private var isFerm: Bool {
        has {
            $0.firstMatch(of: /^(domain |@def |@include |policy (ACCEPT|DROP);|proto |mod |saddr )/) != nil
                || $0.firstMatch(of: /^chain (\(|[A-Z]+ (\{|policy |proto |mod |jump ))/) != nil
        }
    }

    // MARK: By what most lines look like

    var likely: RulesFormat? {
        if isFerm, has({ $0.hasPrefix("domain ") || $0.hasPrefix("table ") || $0.hasPrefix("@") }) {
            return .foreign(.ferm)
        }
        if first.firstMatch(of: /^version \d/) != nil,
            has({ $0.firstMatch(of: /^(interface|interface[46]|router)\b/) != nil })
        {
            return .foreign(.firehol)
        }
        if first.firstMatch(of: /^(zone|macro|iplist|rulegroup|template|[a-z]\w*-[a-z]\w*)\s*\{/) != nil {
            return .foreign(.foomuuri)
        }
        if lines.count(where: { $0.firstMatch(of: /^[A-Z][A-Z0-9_]* = "/) != nil }) * 2 > lines.count {
            return .foreign(.csf)
        }
        if isAddressList { return .foreign(.csf) }
        if isShorewall { return .foreign(.shorewall) }
        let pf = /^(pass|block) (in|out|all|quick|log|return|drop|on|proto|from|inet6?)\b/
        if has({ $0.firstMatch(of: pf) != nil }) { return .foreign(.pf) }
        if first.firstMatch(of: /^add \d+ (allow|deny|pass|count|divert)\b/) != nil { return .foreign(.ipfw) }
        return nil
    }

    /// Addresses that are let in or kept out, one a line.
    private var isAddressList: Bool {
        let address = /^(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(\/\d{1,2})?|(tcp|udp)\|(in|out)\|\S+)(\s|$)/
        return !lines.isEmpty && lines.allSatisfy { $0.firstMatch(of: address) != nil }
    }

    /// Columns of words, some of them actions, and nothing that a shell would need.
    private var isShorewall: Bool {
        if has({ $0.firstMatch(of: /^\?(SECTION|FORMAT|COMMENT|IF|SHELL)\b/) != nil }) { return true }
        let zone = /^\S+ +(firewall|ipv4|ipv6|ip|bport)( +-| +\S+=\S+)*/
        let action =
            /^([A-Za-z][A-Za-z0-9]*\()?(ACCEPT|DROP|REJECT|DNAT|REDIRECT|CONTINUE|NONAT)[+!-]?\)?(:\S+)?\s+[^\s=;|&()-]\S*\s+\S.*/
        let policy = /^[a-z$][\w$:,]*\s+[a-z$][\w$:,]*\s+(ACCEPT|DROP|REJECT|CONTINUE|NONE|QUEUE)\b.*/
        let isPlain = lines.allSatisfy { line in !line.contains { ";|&`<>".contains($0) } }
        guard isPlain, !lines.isEmpty else { return false }
        if lines.allSatisfy({ $0.wholeMatch(of: zone) != nil }) { return true }
        let ruled = lines.count { $0.wholeMatch(of: action) != nil || $0.wholeMatch(of: policy) != nil }
        return ruled * 2 > lines.count
    }
}
