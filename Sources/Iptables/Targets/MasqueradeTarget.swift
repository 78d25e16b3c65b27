/// `MASQUERADE`: the address of the interface that the packet leaves by (iptables-extensions(8)).
enum MasqueradeTarget {
    static let words = ["-j", "MASQUERADE"]
}
