import Compiler
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// A way counts where what starts it runs, and what it did is told by what was seen.
@Suite(.needsRoot) struct IdleWaysKernelTests {
    /// In a container nothing reads the files that all of these would write.
    @Test func nothingIsEnabledThatNobodyStarts() async throws {
        let host = try PersistentHost(Software.allCases)
        try await host.confirm(EnablingTests.lines, .nftables)
        let boot = try await host.boot(
            """
            PATH=/usr/local/bin:$PATH
            wallwright enable 2>&1 || echo "ended $?"
            for way in \(Persistence.names.joined(separator: " ")); do
                wallwright enable --using $way >/dev/null 2>&1 && echo "$way was taken"
            done
            find /etc -name '*wallwright*'
            """
        )
        #expect(boot.output.contains("nothing in / could load a firewall at boot"), "\(boot.output)")
        for words in ["systemd does not run here", "OpenRC does not run here", "runit does not run here"] {
            #expect(boot.output.contains(words), "\(words) in \(boot.output)")
        }
        #expect(boot.output.hasSuffix("ended 1\n"), "\(boot.output)")
    }

    /// An image is told by what is in it.
    @Test(arguments: Software.allCases)
    func anImageIsNotAskedWhatRuns(_ way: Software) async throws {
        let host = try PersistentHost([way])
        try await host.confirm(EnablingTests.lines, try #require(way.backends.first))
        #expect(try await host.enable().way == way.rawValue)
    }

    @Test func statusTellsWhatWasSeen() async throws {
        let host = try PersistentHost([.systemd])
        try await host.confirm(EnablingTests.lines, .nftables)
        let state = "/var/lib/wallwright"
        let boot = try await host.boot(
            """
            PATH=/usr/local/bin:$PATH
            mkdir -p /run/systemd/system; wallwright enable >/dev/null
            wallwright status | grep -c 'when this machine started'
            sed -i 's/"boot" *: *"[^"]*"/"boot" : "another"/' \(state)/enabled.json
            wallwright status | grep 'when this machine started'
            wallwright boot --without-watch
            wallwright status | grep 'when this machine started'
            rm -f /run/wallwright/boot-*
            """
        )
        #expect(
            boot.output.split(separator: "\n").map { $0.drop { $0 == " " } } == [
                "0", "when this machine started, systemd loaded nothing that was seen",
                "generation 1 is loaded",
                "when this machine started, generation 1 was loaded",
            ],
            "\(boot.output)"
        )
    }
}
