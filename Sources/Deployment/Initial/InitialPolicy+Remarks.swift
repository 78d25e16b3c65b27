import Kernel
import PacketModel

extension InitialPolicy {
    /// `mysqld on 127.0.0.1:3306`, `nginx on every address`.
    static func remark(_ listeners: [Listener]) -> String {
        let programs = Set(listeners.map(program)).sorted()
        return "\(few(programs)) on \(few(places(listeners)))"
    }

    /// `nginx`, and where it is not root's, also whose it is: everybody may give a program any name.
    private static func program(_ listener: Listener) -> String {
        let name = listener.process.map(plain) ?? "an unknown program"
        return listener.user.map { "\(name) of user \(plain($0))" } ?? name
    }

    private static func places(_ listeners: [Listener]) -> [String] {
        let wildcards = listeners.filter { $0.address.value == 0 }
        let families = Set(
            wildcards.flatMap { $0.takesBothFamilies ? IPFamily.allCases : [$0.address.family] }
        )
        var single: [String] = []
        let others = listeners.filter { !families.contains($0.address.family) }
        for listener in others.sorted(by: { ($0.address, $0.port) < ($1.address, $1.port) }) {
            let isIPv4 = listener.address.family == .ipv4
            let place = "\(isIPv4 ? "\(listener.address)" : "[\(listener.address)]"):\(listener.port)"
            // TCP and UDP may have the same.
            if single.last != place { single.append(place) }
        }
        let every: String? =
            switch (families.contains(.ipv4), families.contains(.ipv6)) {
            case (true, true): "every address"
            case (true, false): "every IPv4 address"
            case (false, true): "every IPv6 address"
            case (false, false): nil
            }
        return [every].compactMap(\.self) + single
    }

    /// The first three of a list, and how many more there are.
    static func few(_ items: [String], _ conjunction: String = "and") -> String {
        let shown = items.count <= 4 ? items : items.prefix(3) + ["\(items.count - 3) more"]
        guard let last = shown.last, shown.count > 1 else { return shown.joined() }
        return shown.dropLast().joined(separator: ", ") + " \(conjunction) " + last
    }
}
