import Diagnostics
import Kernel

/// Programs that handle packets outside of netfilter: XDP before it, traffic control before it on the way in and after
/// it on the way out (ip-link(8), "xdp"; tc-bpf(8)). What they drop, redirect or answer no firewall sees.
///
/// Programs of links that the kernel keeps by descriptor (tcx, netkit) neither tool shows.
struct InterfaceProgramsCheck: PreflightCheck {
    /// `eth0: XDP program filter`
    var programs: [String]
    /// Why not everything was looked for: the missing tools and how to get them, or a tool's own words.
    var unseen: [String]
    var installation: String?

    var diagnostics: [Diagnostic] {
        var result = unseen.map {
            Diagnostic.unread("programs on interfaces", $0, fix: installation.map { Fix($0) })
        }
        if !programs.isEmpty {
            result.append(
                Diagnostic(
                    .warning,
                    code: "preflight.programs.attached",
                    "programs on interfaces handle packets outside of the firewall",
                    notes: programs + [
                        "what they drop, redirect or answer no rule sees, and no proof covers"
                    ],
                    fix: "run `bpftool net` and `tc filter show dev NAME ingress`, and see whose they are"
                )
            )
        }
        return result
    }
}

extension InterfaceProgramsCheck {
    init(reading host: PreflightHost) async {
        (programs, unseen) = ([], [])
        for source in [await host.expressPrograms(), await host.trafficPrograms()] {
            do throws(ToolError) {
                programs += try source.get()
            } catch {
                unseen.append("\(error)")
                if case .notFound(let program) = error {
                    installation = await host.installation(of: .iproute(program))
                }
            }
        }
    }
}
