import Compiler
import Kernel
import PacketModel

/// A file as `service iptables save` writes it and iptables-restore(8) loads it: whole tables.
enum SaveFile {
    /// Tables that hold our chains and the jumps to them, and are open but for these. Without a program an empty filter.
    static func text(of family: IptablesProgram.Family?, _ kind: IPFamily, generation: Int) -> String {
        let head =
            "# Made by wallwright enable from generation \(generation); the next confirmation writes it anew.\n"
        let body = family.map { "\($0.text)" } ?? ""
        var (text, table) = (head, "")
        for line in body.split(separator: "\n") {
            if line == "COMMIT" { text += jumps(of: family, in: table) }
            text += line + "\n"
            if line.hasPrefix("*") {
                table = String(line.dropFirst())
                text += chains(of: table)
            }
        }
        return body.isEmpty ? "\(head)*filter\n\(chains(of: "filter"))COMMIT\n" : text
    }

    private static func jumps(of family: IptablesProgram.Family?, in table: String) -> String {
        let jumps = family?.jumps.filter { $0.table == table } ?? []
        return jumps.map { "-A \($0.chain) \($0.words.joined(separator: " "))\n" }.joined()
    }

    private static func chains(of table: String) -> String {
        builtInChains[table, default: []].map { ":\($0) ACCEPT [0:0]\n" }.joined()
    }

    /// The built-in chains of each table (iptables(8), "TABLES").
    private static let builtInChains = [
        "filter": ["INPUT", "FORWARD", "OUTPUT"],
        "nat": ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
        "mangle": ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
        "raw": ["PREROUTING", "OUTPUT"],
        "security": ["INPUT", "FORWARD", "OUTPUT"],
    ]
}
