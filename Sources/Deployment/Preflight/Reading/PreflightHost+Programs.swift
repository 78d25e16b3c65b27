import FoundationEssentials
import Kernel

extension PreflightHost {
    /// The XDP programs: `eth0: XDP program filter`.
    func expressPrograms() async -> Result<[String], ToolError> {
        await answer("ip", "-j", "link", "show").flatMap { text in
            Self.decode([Interface].self, text, of: "ip").map { interfaces in
                interfaces.filter { $0.xdp != nil }.map { interface in
                    ["\(interface.ifname): XDP program", interface.xdp?.prog?.name].compactMap(\.self)
                        .joined(separator: " ")
                }
            }
        }
    }

    /// The filters of traffic control: `eth0 ingress: bpf filter`.
    func trafficPrograms() async -> Result<[String], ToolError> {
        let disciplines = await answer("tc", "-j", "qdisc", "show").flatMap {
            Self.decode([Discipline].self, $0, of: "tc")
        }
        let hooks = disciplines.map { $0.flatMap(\.hooks) }
        guard case .success(let places) = hooks, !places.isEmpty else { return hooks }
        // One line for each command, in their order (tc(8), "-batch").
        let commands = places.map { "filter show dev \($0)\n" }.joined()
        return await answer("tc", "-j", "-batch", "-", input: commands).map { text in
            let lines = text.split(separator: "\n").filter { $0.hasPrefix("[") }
            return zip(places, lines).filter { $1 != "[]" }.map { place, line in
                "\(place): \(Self.kinds(line))"
            }
        }
    }

    static func decode<Value: Decodable>(
        _ type: Value.Type,
        _ text: String,
        of program: String
    ) -> Result<Value, ToolError> {
        do {
            return .success(try JSONDecoder().decode(type, from: Data(text.utf8)))
        } catch {
            return .failure(.notRun(program: program, reason: "its JSON is not as expected"))
        }
    }

    /// `bpf cil_from_netdev`; the actions of some filters are no JSON.
    private static func kinds(_ line: Substring) -> String {
        switch decode([Filter].self, String(line), of: "tc") {
        case .success(let filters):
            // The kernel shows the head of a filter first, which has no name.
            let named = Set(filters.filter { $0.options?.name != nil }.map(\.kind))
            let shown = filters.filter { $0.options?.name != nil || !named.contains($0.kind) }
            let names = shown.map { [$0.kind, $0.options?.name].compactMap(\.self).joined(separator: " ") }
            return Set(names).sorted().joined(separator: ", ")
        case .failure: return "filters"
        }
    }
}

/// An interface of `ip -j link`; one without a program has no `xdp`.
private struct Interface: Decodable {
    struct Express: Decodable { var prog: Program? }
    struct Program: Decodable { var name: String? }

    var ifname: String
    var xdp: Express?
}

/// A queueing discipline of `tc -j qdisc`.
private struct Discipline: Decodable {
    var kind: String
    var dev: String

    /// Where filters may be: `eth0 ingress`.
    var hooks: [String] {
        switch kind {
        case "clsact": ["\(dev) ingress", "\(dev) egress"]
        case "ingress": ["\(dev) ingress"]
        default: []
        }
    }
}

/// A filter of `tc -j filter`.
private struct Filter: Decodable {
    struct Options: Decodable {
        var name: String?

        private enum CodingKeys: String, CodingKey { case name = "bpf_name" }
    }

    var kind: String
    var options: Options?
}
