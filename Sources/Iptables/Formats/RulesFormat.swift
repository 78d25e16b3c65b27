package import Diagnostics

/// What a file is that somebody gives to be read, told by its content alone.
package enum RulesFormat: Hashable, Sendable {
    /// What iptables-save prints.
    case saveFile
    /// What `iptables -S` prints of a table.
    case listing(BuiltInTable)
    /// A shell script.
    case script
    /// What ipset save prints.
    case ipsets
    /// A policy of Wallwright, or what is meant as one.
    case policy
    /// A ruleset of nft.
    case nftables
    case foreign(ForeignFormat)

    package init(_ source: SourceFile) {
        let text = FormatText(source)
        self = text.certain ?? text.signed ?? text.likely ?? .script
    }

    /// Nothing but comments and empty lines, which every format has.
    package static func saysNothing(_ source: SourceFile) -> Bool { FormatText(source).lines.isEmpty }

    /// As a noun with its article.
    package var title: String {
        switch self {
        case .saveFile: "a save file of iptables"
        case .listing: "a listing of iptables -S"
        case .script: "a shell script"
        case .ipsets: "a list of ipset save"
        case .policy: "a policy of Wallwright"
        case .nftables: "a ruleset of nftables"
        case .foreign(let format): format.title
        }
    }

    /// What reads it, as a clause that says what to do.
    package var advice: String {
        switch self {
        case .saveFile, .listing, .script: "wallwright fmt and wallwright explain read it"
        case .ipsets: "wallwright restore --sets loads it, and a script that makes the sets can be explained"
        case .policy: "wallwright check, compile and explain read it"
        case .nftables:
            "wallwright fmt prints it, and nft monitor trace shows what a host that has it does to a packet"
        case .foreign(let format): format.advice
        }
    }
}

/// Files of other programs, which are told apart so that they can be named; nothing of them is read.
package enum ForeignFormat: String, CaseIterable, Sendable {
    case nftablesJSON, firewalldXML, iptablesXML, xml, json, yaml, ini, binary, program
    case iptablesList, ufwStatus, firewalldListing
    case shorewall, csf, ferm, firehol, foomuuri, pf, ipfw

    package var title: String {
        switch self {
        case .nftablesJSON: "a ruleset of nftables in JSON"
        case .firewalldXML: "XML of firewalld"
        case .iptablesXML: "what iptables-xml prints"
        case .xml: "XML"
        case .json: "JSON"
        case .yaml: "YAML, but no policy of Wallwright"
        case .ini: "a file of settings"
        case .binary: "not text"
        case .program: "a program in another language than the shell's"
        case .iptablesList: "what iptables -L prints, which leaves out interfaces and options"
        case .ufwStatus: "what ufw status prints"
        case .firewalldListing: "what firewall-cmd --list-all prints"
        case .shorewall: "a file of shorewall"
        case .csf: "a file of csf"
        case .ferm: "a file of ferm"
        case .firehol: "a file of firehol"
        case .foomuuri: "a file of foomuuri"
        case .pf: "a ruleset of pf"
        case .ipfw: "a ruleset of ipfw"
        }
    }

    package var advice: String {
        switch self {
        case .yaml: "a policy begins with  wallwright: 1"
        case .json, .xml, .ini, .binary, .pf, .ipfw: "give what iptables-save prints, a script, or a policy"
        case .nftablesJSON: "nft --json --check --file reads it"
        case .iptablesXML, .iptablesList, .ufwStatus, .firewalldListing, .program, .firewalldXML, .shorewall,
            .csf,
            .ferm, .firehol, .foomuuri:
            "give what iptables-save prints where its rules are loaded"
        }
    }
}
