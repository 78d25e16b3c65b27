/// What a system call is about, out of what strace(1) writes of it: `renameat generations/2/pending, …/confirmed`.
struct CallWords: Sendable {
    /// The same on every host.
    let words: String
    /// What it names, for strace's `-P`; nil for a call that names nothing.
    let path: String?
    let kind: Kind

    enum Kind: Hashable, Sendable {
        /// It changes what is on the disk, or says something.
        case disk
        /// It starts a thread or a program, or is a part of that.
        case spawn
        /// It asks the kernel.
        case question
        /// It changes rules or sets in the kernel.
        case change
    }

    private static let ofDescriptors: Set = [
        "write", "pwrite64", "fsync", "ftruncate", "fchmod", "fchown", "flock",
    ]
    private static let ofNames: Set = [
        "openat", "open", "mkdir", "mkdirat", "symlink", "linkat", "rename", "renameat", "unlink", "unlinkat",
        "rmdir", "execve",
    ]

    /// Nil for a call that changes nothing that lasts: one that only opens, or writes to a pipe.
    init?(_ name: String, _ text: String, on host: FaultHost) {
        let text = host.general(text)
        if Self.ofDescriptors.contains(name) {
            guard let path = text.firstMatch(of: /\(\d+<([^>]*)>/).map({ String($0.1) }),
                path.hasPrefix("{") || path.hasPrefix("/run/wallwright")
            else { return nil }
            self.path = path
            kind = .disk
            words = "\(name) \(Self.short(path))"
        } else if Self.ofNames.contains(name) {
            let names = text.matches(of: /"([^"]*)"/).map { String($0.1) }
            guard let first = names.first else { return nil }
            if name.hasPrefix("open") && !text.contains("O_CREAT") { return nil }
            if first.hasPrefix("/proc/") || first.hasPrefix("/dev/") { return nil }
            // strace looks for the link, not for where it leads.
            path = name == "symlink" ? names.last : first
            kind = name == "execve" ? .spawn : .disk
            let shown = name == "execve" ? [first] : names
            words = "\(name) \(shown.map(Self.short).joined(separator: ", "))"
        } else {
            guard let (kind, about) = Self.kernel(name, text) else { return nil }
            path = nil
            self.kind = kind
            words = about.isEmpty ? name : "\(name) \(about)"
        }
    }

    private static func short(_ path: String) -> String {
        path == "{folder}/said.out"
            ? "standard output"
            : path == "{folder}/said.err"
                ? "standard error"
                : path.hasPrefix("{state}/") ? String(path.dropFirst("{state}/".count)) : path
    }

    /// What the kernel is asked for; nil where it is nothing of ours.
    private static func kernel(_ name: String, _ text: String) -> (Kind, String)? {
        switch name {
        case "sendto", "sendmsg":
            let types = messages(in: text)
            guard let first = types.first else { return nil }
            let isQuestion = first.hasPrefix("GET") || first.contains("DIAG") || first.hasPrefix("RTM_GET")
            return (isQuestion ? .question : .change, types.prefix(3).joined(separator: ", "))
        case "socket":
            let match = text.firstMatch(of: /AF_NETLINK.*(NETLINK_\w+)|AF_INET6?, SOCK_RAW/)
            return match.map { (.question, String($0.1 ?? "raw")) }
        case "bind":
            return text.contains("AF_NETLINK") ? (.question, "netlink") : nil
        case "setsockopt":
            return text.firstMatch(of: /SOL_IPV?6?, (IP6?T_SO_SET_\w+|0x4[01])/).map {
                (.change, String($0.1))
            }
        case "clone3", "clone", "vfork":
            return (.spawn, text.contains("CLONE_THREAD") ? "a thread" : "a program")
        case "setns", "unshare":
            return (.spawn, "network")
        default:
            return (.spawn, "")
        }
    }

    /// The kinds of the messages to the kernel, by the names of linux/netfilter/nf_tables.h where strace tells only
    /// their numbers, as it does of sockets in other namespaces.
    private static func messages(in text: String) -> [String] {
        var types: [String] = []
        for match in text.matches(of: /nlmsg_type=(?:\w+<<8\|)?([A-Za-z0-9_]+)/) {
            let word = String(match.1).replacing(/^(NFT_MSG_|NFNL_MSG_|NFNL_SUBSYS_)/, with: "")
            let number = word.hasPrefix("0x") ? Int(word.dropFirst(2), radix: 16) : nil
            let type = number.flatMap { Self.types[$0] } ?? word
            if !types.contains(type) { types.append(type) }
        }
        return types
    }

    private static let types: [Int: String] = {
        let names = [
            "NEWTABLE", "GETTABLE", "DELTABLE", "NEWCHAIN", "GETCHAIN", "DELCHAIN", "NEWRULE", "GETRULE",
            "DELRULE", "NEWSET", "GETSET", "DELSET", "NEWSETELEM", "GETSETELEM", "DELSETELEM", "NEWGEN",
            "GETGEN", "TRACE", "NEWOBJ", "GETOBJ", "DELOBJ", "GETOBJ_RESET", "NEWFLOWTABLE", "GETFLOWTABLE",
        ]
        var types = [0x10: "BATCH_BEGIN", 0x11: "BATCH_END"]
        for (number, name) in names.enumerated() { types[0xA00 + number] = name }
        return types
    }()
}
