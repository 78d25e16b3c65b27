import Diagnostics
import Testing

/// A few commands, each in a line, given to an empty kernel.
struct CommandLineCase: CustomTestStringConvertible {
    var text: String

    var source: SourceFile { SourceFile(name: "commands", text: text) }

    var testDescription: String { text }

    /// Each `;` begins a command of iptables.
    init(_ commands: String) {
        text = commands.split(separator: ";").map { "iptables \($0.drop { $0 == " " })\n" }.joined()
    }

    init(script: String) {
        text = script
    }

    static let all: [CommandLineCase] =
        [
            "-F", "-L", "-S", "-Z", "-X", "-t nat -F", "-t nat -L", "-X FOO", "-Z INPUT", "-F INPUT",
            "-F FOO", "-L FOO",
            "-P INPUT DROP", "-P INPUT FOO", "-P FOO DROP", "-P INPUT DROP extra",
            "-t nat -P PREROUTING DROP",
            "-P INPUT DROP; -P INPUT ACCEPT; -P OUTPUT RETURN",
            "-N FOO", "-N FOO; -N FOO", "-N ACCEPT", "-N LOG", "-N INPUT", "-N -foo", "-N 'a b'",
            "-N b; -N a; -N C",
            "-A FOO -j ACCEPT", "-A INPUT -j FOO", "-A INPUT -j OUTPUT",
            "-A INPUT -j ACCEPT; -A OUTPUT -j INPUT",
            "-A INPUT -j ''", "-A INPUT -s '' -j ACCEPT", "-A INPUT foo", "-A INPUT -j ACCEPT -A FORWARD",
            "-F -X",
            "-D INPUT -j ACCEPT", "-D INPUT 1", "-A INPUT -j ACCEPT; -D INPUT 1",
            "-A INPUT -j ACCEPT; -D INPUT 2",
            "-A INPUT -j ACCEPT; -D INPUT 0", "-A INPUT -j ACCEPT; -D INPUT 1 -j ACCEPT",
            "-C INPUT -j ACCEPT",
            "-A INPUT -j ACCEPT; -A INPUT -s 1.2.3.4 -j ACCEPT; -D INPUT -s 1.2.3.4,1.2.3.5 -j ACCEPT",
            "-A INPUT -s 10.0.0.0/8,any/0 -j ACCEPT", "-A INPUT -s any/0,0/0 -j ACCEPT",
            "-A INPUT ! -s any/0,0/0 -j ACCEPT", "-A INPUT -s 10.0.0.0/8,any -j ACCEPT",
            "-A INPUT -s 1.2.3.4,5.6.7.8 -j ACCEPT", "-I INPUT -s 1.2.3.4,5.6.7.8 -j ACCEPT",
            "-A INPUT -s 1.2.3.4,5.6.7.8 -j ACCEPT; -D INPUT -s 1.2.3.4,5.6.7.8 -j ACCEPT",
            "-I INPUT 1 -j DROP", "-I INPUT 3 -j ACCEPT", "-A INPUT -j ACCEPT; -I INPUT 2 -j DROP",
            "-A INPUT -j ACCEPT; -I INPUT 3 -j DROP", "-A INPUT -j ACCEPT; -R INPUT 1 -j DROP",
            "-A INPUT -j ACCEPT; -R INPUT 2 -j DROP",
            "-A INPUT -j ACCEPT; -R INPUT 1 -s 1.2.3.4,1.2.3.5 -j DROP",
            "-N FOO; -A INPUT -j FOO; -X FOO", "-N FOO; -A FOO -j ACCEPT; -X FOO",
            "-N FOO; -N BAR; -A FOO -j BAR; -X",
            "-N FOO; -N BAR; -X", "-N A; -N B; -A A -j B; -F A; -X A; -X B", "-A INPUT; -X INPUT",
            "-t raw -X; -X INPUT",
            "-A INPUT -j ACCEPT; -F; -X; -X INPUT", "-N FOO; -A INPUT -j FOO; -E FOO BAR",
            "-N FOO; -N BAR; -E FOO BAR",
            "-E INPUT BAR", "-E FOO BAR", "-N FOO; -E FOO ACCEPT", "-N FOO; -E FOO; -E FOO -x",
            "-N FOO; -A INPUT -g FOO; -E FOO BAR",
            "-N FOO; -A FOO -j FOO; -A INPUT -j FOO", "-N A; -N B; -A A -j B; -A B -j A; -A INPUT -j A",
            "-N A; -N B; -A INPUT -j A; -A A -j B; -A B -j A; -A B -g A; -A B -j DROP",
            "-t nat -N FOO; -t nat -A FOO -j MASQUERADE; -t nat -A PREROUTING -j FOO; -t nat -A POSTROUTING -j FOO",
            "-t nat -N FOO; -t nat -A PREROUTING -j FOO; -t nat -A FOO -j MASQUERADE; -t nat -F PREROUTING; -t nat -A FOO -j MASQUERADE",
            "-t nat -N A; -t nat -N B; -t nat -A PREROUTING -j A; -t nat -A B -j MASQUERADE; -t nat -A A -j B",
            "-A INPUT -j ACCEPT -t filter; -t nat -A OUTPUT -t filter -j ACCEPT", "-t foo -A INPUT -j ACCEPT",
            "-A OUTPUT -j DROP -t nat; -t nat -A OUTPUT -j DROP -t filter",
            "-A POSTROUTING -j MASQUERADE -t nat", "! -t nat -A OUTPUT",
            "-A INPUT -j ACCEPT -t", "-4 -A INPUT -j ACCEPT", "-6 -A INPUT -j ACCEPT",
            "--ipv4 -A INPUT -j ACCEPT",
            "-w -A INPUT -j ACCEPT", "-w 5 -A INPUT -j ACCEPT", "-A INPUT -w 5 -j ACCEPT",
            "-A INPUT -w5 -W 5 -j ACCEPT",
            "--wait=5 -A INPUT -j ACCEPT", "-W 100 -A INPUT -j ACCEPT", "-A INPUT -w foo -j ACCEPT",
            "-v -A INPUT -j ACCEPT",
            "-n -A INPUT -j ACCEPT", "-L INPUT 3", "-V -A INPUT", "-h; -A INPUT -m tcp -h",
            "-M /sbin/modprobe -A INPUT -j ACCEPT",
            "-A INPUT -c 1 2 -j ACCEPT", "--append INPUT --jump ACCEPT",
            "--app INPUT --proto tcp --dport 22 --ju DROP",
            "-A INPUT -p tcp --dport 22 -j ACCEPT; -D INPUT -p tcp -m tcp --dport 22 -j ACCEPT",
            "-A INPUT -j LOG; -D INPUT -j LOG --log-level 4",
            "-A INPUT -j ACCEPT; -A INPUT -j ACCEPT; -D INPUT -j ACCEPT",
            "-LZ; -Z -L; -A INPUT -j ACCEPT; -L -Z -n; -Z INPUT 1; -Z INPUT 2; -F INPUT FORWARD",
        ].map { CommandLineCase($0) }
        + [
            "*filter\\n:INPUT DROP\\n-A INPUT -j ACCEPT\\nCOMMIT\\n' | iptables-restore",
            "*filter\\n:INPUT DROP\\n-A INPUT -j ACCEPT\\nCOMMIT\\n' | iptables-restore -n",
            "*filter\\n:FOO -\\n-A INPUT -j FOO\\nCOMMIT\\n' | iptables-restore --noflush",
            "*nat\\n-A OUTPUT -j ACCEPT\\nCOMMIT\\n*filter\\n-A OUTPUT -j FOOX\\nCOMMIT\\n*mangle\\n-A OUTPUT\\nCOMMIT\\n' | iptables-restore",
            "*nat\\n-A OUTPUT -j ACCEPT\\nCOMMIT\\n*filter\\n-A OUTPUT -m foo\\nCOMMIT\\n*mangle\\n-A OUTPUT\\nCOMMIT\\n' | iptables-restore",
            "*filter\\n-A INPUT -j DROP\\nCOMMIT\\n*nat\\n-A OUTPUT -j ACCEPT\\nCOMMIT\\n' | iptables-restore -T nat",
            "*filter\\n-R INPUT 1 -j DROP\\nCOMMIT\\n' | iptables-restore -n",
            "*filter\\n-E FOO BAR\\nCOMMIT\\n' | iptables-restore -n",
            "*filter\\n-D FOO -j DROP\\n-X FOO\\nCOMMIT\\n' | iptables-restore -n",
            "*filter\\n-A INPUT -j DROP\\nCOMMIT\\n' | iptables-restore -t",
            "*filter\\n-A INPUT -j DROP\\n' | iptables-restore",
            "' | iptables-restore",
        ].map {
            CommandLineCase(
                script: "iptables -N FOO; iptables -A FOO -j DROP; iptables -A INPUT -i lo\nprintf '\($0)\n"
            )
        }
}
