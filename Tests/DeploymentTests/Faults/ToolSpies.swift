import Foundation
import Kernel

/// Scripts in the place of the tools that Wallwright runs, in mounts of one host: each leaves a mark, a *gate*, and runs
/// the tool. So a run can be named (the second `nft -f -` of the guard's worker) and strace(1) be put on it, or on the
/// process that started it.
///
/// strace counts its injections for each thread. A gate makes that exact: from there on, one process alone, and no
/// longer than to a gate where it is taken off again.
struct ToolSpies: Sendable {
    private let folder: String
    /// The namespace of the host; what runs in another one runs in a copy.
    private let namespace: String

    /// The programs, and whether one file has many names and is told its name first.
    private static let tools = [
        ("/usr/sbin/nft", false), ("/usr/sbin/ipset", false), ("/usr/bin/nsenter", false),
        ("/usr/bin/setsid", false), ("/usr/sbin/xtables-nft-multi", true),
        ("/usr/sbin/xtables-legacy-multi", true),
    ]

    init(in folder: String, for namespace: NetworkNamespace) throws {
        self.folder = folder
        self.namespace = namespace.path
        try reset()
    }

    /// Where the gates are files. strace sees them made.
    private var gates: String { Self.gates(in: folder) }
    static func gates(in folder: String) -> String { "\(folder)/gates" }
    /// It is there from the gate on from which listings are spoilt.
    private var spoilt: String { "\(folder)/spoilt" }

    /// The gates that were passed since the last reset.
    func passed() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: gates).sorted() }

    var isSpoilt: Bool { FileManager.default.fileExists(atPath: spoilt) }

    /// What strace has written of an injection.
    var log: String { "\(folder)/strace.log" }

    /// What is to be mounted. The guard is to be a child here too, and no service of a systemd that runs.
    var mounting: String {
        var lines = [
            "mkdir '\(folder)/usr'", "mount --bind /usr '\(folder)/usr'",
            "[ ! -d /run/systemd/system ] || mount -t tmpfs tmpfs /run/systemd",
        ]
        for (path, hasManyNames) in Self.tools {
            let spy = "\(folder)/spy-\((path as NSString).lastPathComponent)"
            let tool = "\(folder)\(path)\(hasManyNames ? " \"$name\"" : "")"
            // Not written by this process: a file cannot be run while a child of it may still have it open.
            lines += ["cat >'\(spy)' <<'END'", script(tool), "END", "chmod 755 '\(spy)'"]
            lines.append("[ ! -e \(path) ] || mount --bind '\(spy)' \(path)")
        }
        return lines.joined(separator: "\n")
    }

    /// Prepares what is to happen at a gate.
    func arm(_ plan: Plan) throws {
        try write("gate='\(plan.gate ?? "")'\nhow=\(plan.how)\noptions='\(plan.options)'\n")
    }

    /// Nothing happens any more, and runs are counted from now on.
    func reset() throws {
        try write("gate=\nhow=\n")
        // The watch may be passing one: what is emptied and filled at once cannot be removed.
        if isSpoilt { try FileManager.default.removeItem(atPath: spoilt) }
        if FileManager.default.fileExists(atPath: gates) {
            try FileManager.default.moveItem(atPath: gates, toPath: "\(gates)-\(UUID().uuidString)")
        }
        try FileManager.default.createDirectory(atPath: gates, withIntermediateDirectories: false)
    }

    private func write(_ plan: String) throws {
        try plan.write(toFile: "\(folder)/plan", atomically: true, encoding: .utf8)
    }

    /// What happens at a gate.
    struct Plan: Sendable {
        enum How: String, Sendable {
            /// strace follows the program that runs there: a tool, or a guard that is started.
            case on
            /// strace follows the process that runs the tool, from there to where it starts a guard or a watch.
            case after
            /// The same, to where it runs its next tool.
            case until
            /// The clock is set.
            case clock
            /// From there on every listing fails, grows without an end, or never ends.
            case fail, grow, hang
        }

        /// Nil for the start of the command.
        var gate: String?
        var how: How
        /// Of strace; the seconds for a clock.
        var options: String
    }

    /// What strace is always told: to be no parent, to end when it is told to, to name what descriptors stand for.
    static let options = "-D -I2 -f -qq -y -s 300"

    private func script(_ tool: String) -> String {
        #"""
        #!/bin/sh
        name=${0##*/}
        . 'FOLDER/plan'
        # Who runs it: the zeros between the words are not read.
        by=
        read -r by </proc/$PPID/cmdline
        case $by in
        *wallwrightguard--*--worker) by='guard worker' ;;
        *wallwrightguard--*) by=guard ;;
        *wallwrightwatch--*--worker) by='watch worker' ;;
        *wallwrightwatch--*) by=watch ;;
        *) by=command ;;
        esac
        worker=
        case "$name $*" in
        setsid*'/wallwright guard '*|nsenter*'/wallwright guard '*) worker=guard ;;
        setsid*'/wallwright watch '*|nsenter*'/wallwright watch '*) worker=watch ;;
        nsenter*) exec TOOL "$@" ;;
        esac
        what="$name ${worker:-$*}"
        case $what in */*) what=$name ;; esac
        [ /proc/self/ns/net -ef 'NAMESPACE' ] || [ -n "$worker" ] || what="$what in a copy"
        count=1
        set -C
        until echo >"FOLDER/gates/$by, $what, $count"; do count=$((count + 1)); done 2>/dev/null
        set +C
        tracer() {
            while read -r key value; do
                [ "$key" != TracerPid: ] || echo "$value"
            done <"/proc/$1/status"
        }
        # Takes strace off the process that runs this, and waits until it is gone.
        case $how$worker in after?*|until*)
            pid=$(tracer $PPID)
            if [ "${pid:-0}" != 0 ]; then
                kill -9 "$pid"
                while [ "$(tracer $PPID)" = "$pid" ]; do sleep 0.005; done
            fi
        esac
        if [ "$by, $what, $count" = "$gate" ]; then
            case $how in
            clock) echo "$options" >'FOLDER/offset' ;;
            fail|grow|hang) echo "$how" >'FOLDER/spoilt' ;;
            after|until)
                set -f
                # It lets go of the tools that are run: they are not what is followed.
                case $options in *execve*) let_go= ;; *) let_go='-b execve' ;; esac
                strace -I2 -f $let_go -y -s 300 -o 'FOLDER/strace.log' $options -p $PPID \
                    </dev/null >/dev/null 2>'FOLDER/attached' &
                until [ -s 'FOLDER/attached' ]; do sleep 0.005; done
                ;;
            on)
                set -f
                if [ -n "$worker" ]; then
                    for word; do
                        shift
                        case $word in
                        */wallwright) set -- "$@" strace OPTIONS -o 'FOLDER/strace.log' $options "$word" ;;
                        *) set -- "$@" "$word" ;;
                        esac
                    done
                else
                    exec strace OPTIONS -o 'FOLDER/strace.log' $options TOOL "$@"
                fi
                ;;
            esac
        fi
        if [ -e 'FOLDER/spoilt' ]; then
            case $name\ $* in
            *-save*|ipset\ list*|ipset\ save*|nft\ *list\ *)
                read -r how <'FOLDER/spoilt'
                case $how in
                fail) echo 'it cannot be listed' >&2; exit 1 ;;
                grow) exec yes -- '-A STRANGE -s 192.0.2.1 -j DROP' ;;
                hang) exec sleep 600 ;;
                esac
                ;;
            esac
        fi
        exec TOOL "$@"

        """#
        .replacing("FOLDER", with: folder)
        .replacing("NAMESPACE", with: namespace)
        .replacing("OPTIONS", with: Self.options)
        .replacing("TOOL", with: tool)
    }
}
