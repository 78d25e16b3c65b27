import Compiler
import Testing

@testable import Deployment
@testable import Kernel

/// A surrounding that takes something away from the program: capabilities, tools, files of /proc.
struct RestrictedHost: Sendable, CustomTestStringConvertible {
    var name: String
    /// What runs a command in it.
    var wrapper: [String]
    var backends: [BackendKind]
    /// What keeps `apply` from working there, as `plan` says it; nil where it works.
    var obstacle: String?
    /// Whether more is done there than a change, which is taken back.
    var isLivedWith = true
    /// Whether namespaces can be made there, so that `try` works, and the watch sees what is taken away.
    var triesToo = false

    init(
        _ name: String,
        _ wrapper: [String],
        on backends: [BackendKind] = BackendKind.allCases,
        obstacle: String? = nil
    ) {
        (self.name, self.wrapper, self.backends, self.obstacle) = (name, wrapper, backends, obstacle)
    }

    var testDescription: String { name }

    /// capabilities(7), in the order of their numbers.
    private static let capabilities = """
        chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service \
        net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct \
        sys_admin sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap \
        mac_override mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore
        """.split(separator: " ").map(String.init)

    /// Each without one capability.
    static let withoutACapability = capabilities.map { name in
        let wrapper = ["/usr/bin/setpriv", "--inh-caps=-\(name)", "--bounding-set=-\(name)", "--"]
        switch name {
        case "net_admin": return RestrictedHost(name, wrapper, obstacle: "it lacks CAP_NET_ADMIN")
        case "sys_admin": return RestrictedHost(name, wrapper)
        // The tools of the older kernel interface are the only ones that need it.
        case "net_raw": return RestrictedHost(name, wrapper, on: [.nftables, .iptablesNft])
        default:
            var place = RestrictedHost(name, wrapper, on: [.nftables])
            place.isLivedWith = false
            return place
        }
    }

    static let others = [
        RestrictedHost(
            "legacy without net_raw",
            ["/usr/bin/setpriv", "--inh-caps=-net_raw", "--bounding-set=-net_raw", "--"],
            on: [.iptablesLegacy],
            obstacle: "iptables-legacy does not start without CAP_NET_RAW"
        ),
        RestrictedHost("a container of Docker", mounting(readOnlySettings) + docker),
        RestrictedHost("read-only settings", mounting(readOnlySettings)),
        RestrictedHost(
            "no settings",
            mounting("mount -t tmpfs none /proc/sys"),
            on: [.nftables],
            obstacle: "/proc/sys/kernel/random/boot_id cannot be read"
        ),
        RestrictedHost("no nsenter", hiding("nsenter")),
        RestrictedHost("no ip", hiding("ip"), on: [.nftables]),
        RestrictedHost("no setsid", hiding("setsid"), on: [.nftables], obstacle: "setsid is not installed"),
        RestrictedHost("no nft", hiding("nft"), on: [.nftables], obstacle: "nft is not installed"),
        {
            var place = RestrictedHost(
                "a user namespace",
                ["/usr/bin/unshare", "--user", "--map-root-user", "--net", "--"]
            )
            place.triesToo = true
            return place
        }(),
        RestrictedHost("a filter of calls against new namespaces", ["/usr/bin/perl", "-e", filter, "--"]),
        RestrictedHost(
            "a user namespace that may make no other",
            ["/usr/bin/unshare", "--user", "--map-root-user", "--net", "--", "/bin/sh", "-c"]
                + ["echo 0 >/proc/sys/user/max_net_namespaces; exec \"$0\" \"$@\""]
        ),
        RestrictedHost(
            "a user namespace in the network of another",
            ["/usr/bin/unshare", "--user", "--map-root-user", "--"],
            on: [.nftables],
            obstacle: "the kernel lets this process change no firewall in this network namespace"
        ),
    ]

    /// A filter of the calls that make and enter namespaces, as sandboxes load it (seccomp(2), BPF_RET and its like); the
    /// numbers of calls are those of the machine.
    private static let filter = """
        my %calls = `uname -m` =~ /x86_64/ ? (prctl => 157, unshare => 272, setns => 308, clone => 56, clone3 => 435)
            : (prctl => 167, unshare => 97, setns => 268, clone => 220, clone3 => 435);
        my ($deny, $none, $allow) = (0x50001, 0x50026, 0x7fff0000);
        my @steps = ([0x20, 0, 0, 0], [0x15, 0, 1, $calls{unshare}], [0x06, 0, 0, $deny], [0x15, 0, 1, $calls{setns}],
            [0x06, 0, 0, $deny], [0x15, 0, 1, $calls{clone3}], [0x06, 0, 0, $none], [0x15, 0, 3, $calls{clone}],
            [0x20, 0, 0, 16], [0x45, 0, 1, 0x40000000], [0x06, 0, 0, $deny], [0x06, 0, 0, $allow]);
        my $text = join "", map { pack "SCCL", @$_ } @steps;
        my $program = pack "Sx6J", scalar(@steps), unpack("J", pack("P", $text));
        syscall($calls{prctl}, 22, 2, $program, 0, 0) == 0 or die "no filter: $!";
        exec @ARGV;
        """

    /// What the engine gives to a container by default, and what `--cap-add NET_ADMIN` adds.
    private static let docker = [
        "/usr/bin/setpriv", "--inh-caps=-all",
        "--bounding-set=-all,+chown,+dac_override,+fsetid,+fowner,+mknod,+net_raw,+setgid,+setuid,+setfcap,+setpcap,"
            + "+net_bind_service,+sys_chroot,+kill,+audit_write,+net_admin",
        "--",
    ]

    private static let readOnlySettings =
        "mount --bind /proc/sys /proc/sys; mount -o remount,bind,ro /proc/sys"

    private static func mounting(_ script: String) -> [String] {
        ["/usr/bin/unshare", "--mount", "--", "/bin/sh", "-c", "\(script); exec \"$0\" \"$@\""]
    }

    private static func hiding(_ program: String) -> [String] {
        mounting(
            Tool.folders.map { "[ ! -e \($0)/\(program) ] || mount --bind /dev/null \($0)/\(program)" }
                .joined(separator: "; ")
        )
    }
}
