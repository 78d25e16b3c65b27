import Compiler
import Foundation
import Kernel
import PacketModel
import TestSupport
import Testing

@testable import Deployment

/// A kernel without nf_tables: what is not there is not asked, and everything goes on by iptables-legacy.
@Suite(.needsRoot) struct OlderKernelTests {
    /// Messages to nf_tables go to a part of netfilter that no kernel has, which answers as one without nf_tables.
    private static let library = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <linux/netlink.h>
        #include <string.h>
        #include <sys/socket.h>
        #include <sys/uio.h>

        static int is_of_netfilter(int socket) {
            int protocol = -1;
            socklen_t length = sizeof protocol;
            return getsockopt(socket, SOL_SOCKET, SO_PROTOCOL, &protocol, &length) == 0
                && protocol == NETLINK_NETFILTER;
        }
        static void mislead(void *bytes, size_t length) {
            struct nlmsghdr header;
            while (length >= sizeof header) {
                memcpy(&header, bytes, sizeof header);
                size_t step = (header.nlmsg_len + 3) & ~3ul;
                if (header.nlmsg_type >> 8 == 10 || header.nlmsg_type == 0x10) {
                    header.nlmsg_type = 0x7F00;
                    memcpy(bytes, &header, sizeof header);
                }
                if (step < sizeof header || step > length) return;
                bytes = (char *)bytes + step;
                length -= step;
            }
        }
        ssize_t sendto(int socket, const void *bytes, size_t length, int flags,
                       const struct sockaddr *to, socklen_t size) {
            static ssize_t (*next)(int, const void *, size_t, int, const struct sockaddr *, socklen_t);
            if (!next) next = dlsym(RTLD_NEXT, "sendto");
            if (is_of_netfilter(socket)) mislead((void *)bytes, length);
            return next(socket, bytes, length, flags, to, size);
        }
        ssize_t sendmsg(int socket, const struct msghdr *message, int flags) {
            static ssize_t (*next)(int, const struct msghdr *, int);
            if (!next) next = dlsym(RTLD_NEXT, "sendmsg");
            if (is_of_netfilter(socket))
                for (size_t i = 0; i < message->msg_iovlen; i++)
                    mislead(message->msg_iov[i].iov_base, message->msg_iov[i].iov_len);
            return next(socket, message, flags);
        }

        """

    private static func host() async throws -> TestHost? {
        let folder = try TestHost.makeFolder()
        guard let mounts = try await PreloadedLibrary.mounts(library, in: folder) else { return nil }
        let network = try await TestNetwork.make(links: [.init(name: "eth0", number: 1)])
        return TestHost(network, folder: folder, mounts: mounts)
    }

    @Test func everyCommandWorksByLegacy() async throws {
        guard let host = try await Self.host() else { return }
        let policy = try host.policy(TestHost.web)
        let applied = try await host.run("apply", policy, "--confirm-within", "5m")
        #expect(applied.status == 0, "\(applied)")
        #expect(try host.opened().generation(1).backend == .iptablesLegacy)
        let confirmed = try await host.run("confirm", try applied.ticket, "--same-session")
        #expect(confirmed.status == 0, "\(confirmed)")
        let status = try await host.run("status")
        #expect(status.status == 0 && status.output.contains("holds what was applied"), "\(status)")
        let banned = try await host.run("ban", "\(try host.outside(.ipv4))")
        #expect(banned.status == 0, "\(banned)")
        #expect(try await host.open() == ["ipv6 22", "ipv6 80"])
        // The watch puts back what is taken away.
        try await Tool(named: "iptables-legacy").run(
            ["-w", "-F", "INPUT"],
            text: "",
            in: host.network.inside
        )
        let isMended = try await host.waits(.seconds(20)) { try await host.open() == ["ipv6 22", "ipv6 80"] }
        #expect(isMended)
        let back = try await host.run("remove", "--now")
        #expect(back.status == 0, "\(back)")
        #expect(try await host.open() == TestHost.everything)
        #expect(!(status.output + status.error + banned.error + back.error).contains("netlink message"))
    }

    /// A generation of nftables cannot be loaded there: the minimum is, by the old tables.
    @Test func aBootFallsBackToTheOldTables() async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.web)
        TestProcesses.end(mentioning: host.state)
        guard let older = try await Self.host() else { return }
        try await copyTree(host.state, to: older.state)
        let boot = try await older.run("boot", "--without-watch")
        #expect(boot.status == 1 && boot.error.contains("ONLY THE MINIMUM IS LOADED"), "\(boot)")
        #expect(try await older.open() == TestHost.sshAlone)
        withExtendedLifetime(host) {}
    }
}
