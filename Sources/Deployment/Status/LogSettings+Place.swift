package import Diagnostics
import Netfilter
import PacketModel
package import Policy

/// Where a person finds what the firewall logs.
extension LogSettings {
    /// What to type to see it.
    package var place: String {
        switch destination {
        case .kernelLog: "journalctl -k -g \(prefix)"
        case .group(let group): "NFLOG group \(group): ulogd, or tcpdump -i nflog:\(group)"
        }
    }

    /// For programs; the keys are stable.
    package var json: JSONValue {
        let group: JSONValue =
            switch destination {
            case .kernelLog: .null
            case .group(let group): .integer(Int(group))
            }
        return [
            "dropped": dropped.map { .string($0.description) } ?? .null, "prefix": .string(prefix),
            "group": group,
        ]
    }
}
