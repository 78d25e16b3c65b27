import Foundation
import Kernel
import SystemPackage

/// The host that the commands of one document run on: namespaces of its own for network, processes and mounts, with an
/// empty `/etc/wallwright` and an empty `/var/lib`, so that nothing of the machine is seen or touched.
struct HostTranscript {
    let blocks: [ConsoleBlock]

    /// The outputs, in the order of the blocks, with times and codes as documents have them.
    func run(products: String) async throws -> [String] {
        let folder = "/var/tmp/wallwright-document-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { do { try FileManager.default.removeItem(atPath: folder) } catch {} }
        let script = folder + "/script"
        try (Self.preparation(folder, products: products) + commands(folder))
            .write(toFile: script, atomically: true, encoding: .utf8)
        let enter = [
            "--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child", "/bin/bash", script,
        ]
        try await Tool(named: "unshare").run(enter, text: "")
        return try blocks.indices.map { index in
            Self.masked(try String(contentsOfFile: "\(folder)/\(index)", encoding: .utf8))
        }
    }

    private static func preparation(_ folder: String, products: String) -> String {
        """
        set -u
        cd '\(ConsoleBlock.root.path)'
        export PATH='\(products)':/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 TZ=UTC TERM=xterm
        mkdir '\(folder)/etc' '\(folder)/work' '\(folder)/lib'
        mount -t overlay overlay -o 'lowerdir=/etc,upperdir=\(folder)/etc,workdir=\(folder)/work' /etc
        mount --bind '\(folder)/lib' /var/lib
        mount -t tmpfs tmpfs /run
        rm -rf /etc/wallwright /etc/ssh /etc/ufw /etc/firewalld /etc/csf /etc/systemd /etc/nftables.conf
        sed -i 's/^root:[^:]*:/root:*:/' /etc/shadow
        # Another machine, on the other end of eth0.
        unshare --net sleep 600 &
        far=$!
        until [ "$(readlink /proc/$far/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.01; done
        ip link set lo up
        ip link add eth0 type veth peer name far0
        ip link set far0 netns "$far"
        ip address add 198.51.100.7/24 dev eth0
        ip link set eth0 up
        nsenter --net=/proc/$far/ns/net ip address add 198.51.100.8/24 dev far0
        nsenter --net=/proc/$far/ns/net ip link set far0 up
        mkdir /run/sshd
        for key in host client; do ssh-keygen -q -t ed25519 -N '' -f '\(folder)'/$key; done
        /usr/sbin/sshd -f /dev/null -h '\(folder)/host' -o 'AuthorizedKeysFile=\(folder)/client.pub' \
            -o StrictModes=no -o PermitRootLogin=yes
        sudo() { "$@"; }
        # The code of a generation, which a document cannot know.
        ticket() { printf '%s-' "$1"; sed -n 's/.*"code" : "\\(.*\\)".*/\\1/p' "/var/lib/wallwright/generations/$1/generation.json"; }
        second_login() {
            nsenter --net=/proc/$far/ns/net ssh -q -i '\(folder)/client' -o StrictHostKeyChecking=no \
                -o UserKnownHostsFile=/dev/null root@198.51.100.7 "PATH='$PATH' TZ=UTC; export PATH TZ; $1"
        }
        # Types the code of a generation where it is asked for, and shows the screen at the end.
        terminal() {
            tmux -L document -f /dev/null new-session -d -x 118 -y 60 "$1; touch '\(folder)/ended'; sleep 60"
            for _ in $(seq 100); do tmux -L document capture-pane -p | grep -q 'code (' && break; sleep 0.1; done
            tmux -L document send-keys "$(ticket "$(ls /var/lib/wallwright/generations | sort -n | tail -n 1)")" Enter
            for _ in $(seq 100); do [ -e '\(folder)/ended' ] && break; sleep 0.1; done
            tmux -L document capture-pane -p | sed -e :a -e '/^\\n*$/{$d;N;ba' -e '}'
            tmux -L document kill-server
        }

        """
    }

    private func commands(_ folder: String) -> String {
        blocks.enumerated().map { index, block in
            let command = block.command.replacing(#/\b(\d+)-k4qx\b/#) { "$(ticket \($0.1))" }
            let asRoot = command.replacing("sudo ", with: "")
            let body: String =
                switch block.place {
                case .secondLogin: "second_login \"\(asRoot)\""
                case .terminal: "terminal \"\(asRoot)\""
                case .host, .root, nil: command
                }
            return "{ \(body)\n} > '\(folder)/\(index)' 2>&1\n"
        }.joined()
    }

    /// Times, codes and what is left of a minute, as they stand in documents.
    static func masked(_ text: String) -> String {
        text.replacing(#/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/#, with: "2026-11-25 12:00:00")
            .replacing(#/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/#, with: "2026-11-25T12:00:00Z")
            .replacing(#/\b\d\d:\d\d:\d\d\b/#, with: "12:00:00")
            .replacing(#/\b(\d+)-[a-hjkmnp-z2-9]{4}\b/#) { "\($0.1)-k4qx" }
            .replacing(#/\b5\d s\b/#, with: "60 s")
    }
}
