import PacketModel

/// What a text that names no interface of Linux was probably meant to say: `eth0, eth1`, `eth+`, `eth0@if3`.
enum InterfaceRepair {
    /// What is wrong with a text that the kernel would take for a name and that nobody gives to an interface.
    static func problem(of text: String) -> (message: String, fix: TextRepair?)? {
        let lower = text.lowercased()
        if ["any", "all", "*", "everything", "+"].contains(lower) {
            return ("a line without this key holds for every interface", .leaveOut)
        }
        if IPAddress(text.prefix { $0 != "/" }) != nil {
            return ("`\(text)` is an address, and no interface", nil)
        }
        if text.hasPrefix("!") || lower.hasPrefix("not ") {
            let says = "name the other interfaces: a line has no exception for some"
            return ("an interface cannot be negated", .advice(says))
        }
        if text.hasSuffix("+") {
            return ("names that begin alike are written with `*`", .write(text.dropLast() + "*"))
        }
        guard let at = text.firstIndex(of: "@"), at > text.startIndex else { return nil }
        return ("what stands behind `@` is no part of the name", .write(String(text[..<at])))
    }

    /// Several names in one text, or a name with what others add to it.
    static func repair(of text: String) -> TextRepair? {
        let words = text.split { ", ;|&()[]{}".contains($0) }.map(String.init).filter {
            !["and", "or"].contains($0)
        }
        let names = words.map { word in
            let bare = word.prefix { !":@".contains($0) }
            return bare.hasSuffix("+") ? bare.dropLast() + "*" : String(bare)
        }
        guard (1...32).contains(names.count), names.allSatisfy({ InterfacePattern($0) != nil }) else {
            return nil
        }
        return .entries([names])
    }

    /// `eth0`, `wg0`: a word that the kernel and its tools name interfaces by.
    static func looksLikeInterface(_ text: String) -> Bool {
        guard InterfacePattern(text) != nil else { return false }
        let stems = [
            "eth", "en", "wl", "wg", "tun", "tap", "br", "docker", "bond", "ppp", "veth", "virbr", "wwan",
        ]
        let digits = text.drop { $0.isLetter || $0 == "-" }
        return stems.contains { text.hasPrefix($0) } && (digits.first?.isNumber == true || digits == "*")
    }
}
