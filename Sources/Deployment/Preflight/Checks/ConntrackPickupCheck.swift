import Diagnostics

/// Whether connection tracking takes up a TCP connection in its middle
/// (Documentation/networking/nf_conntrack-sysctl.rst, `nf_conntrack_tcp_loose`).
///
/// With 0 a packet of a connection whose beginning was not seen is invalid, and a first apply cuts what it did not
/// put into the table by itself.
struct ConntrackPickupCheck: PreflightCheck {
    /// Nil where the module is not loaded; it then begins with 1.
    var loose: Int?

    var diagnostics: [Diagnostic] {
        guard loose == 0 else { return [] }
        return [
            Diagnostic(
                .warning,
                code: "preflight.conntrack.loose",
                "connections that are not yet tracked will be cut: nf_conntrack_tcp_loose is 0",
                notes: [
                    "this session and others of this host are put into the table; those that it forwards are not"
                ],
                fix: "run `sysctl -w net.netfilter.nf_conntrack_tcp_loose=1` until the policy is confirmed"
            )
        ]
    }
}

extension ConntrackPickupCheck {
    init(reading host: PreflightHost) async {
        loose = await host.number("nf_conntrack_tcp_loose")
    }
}
