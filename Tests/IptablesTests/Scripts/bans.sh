#!/bin/sh
# Chains as a guard against guessing makes them: checked for, made, filled, emptied again.
chain=f2b-sshd
ports=ssh,2222

iptables -n -L $chain >/dev/null 2>&1 || iptables -N $chain
iptables -C INPUT -p tcp -m multiport --dports $ports -j $chain 2>/dev/null ||
    iptables -I INPUT -p tcp -m multiport --dports $ports -j $chain
iptables -A $chain -j RETURN

ban() {
    iptables -C $chain -s "$1" -j REJECT 2>/dev/null && return 0
    iptables -I $chain 1 -s "$1" -j REJECT --reject-with icmp-port-unreachable
}

unban() {
    iptables -D $chain -s "$1" -j REJECT --reject-with icmp-port-unreachable
}

while read -r address reason; do
    case "$address" in
        ''|\#*) continue ;;
    esac
    ban "$address"
done <<'END'
# address  why
198.51.100.7 guesses
198.51.100.8 guesses again

203.0.113.0/24 a whole network
198.51.100.7 guesses
END

unban 198.51.100.8
unban 192.0.2.1 2>/dev/null || echo "was not banned"
ban 192.0.2.2
iptables -R $chain 1 -s 192.0.2.3 -j DROP
iptables -A INPUT -j DROP
iptables -D INPUT 2
