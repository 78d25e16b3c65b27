#!/bin/bash
# A gateway of a VPN: the tunnel goes out by one interface and by no other.
iface="${VPN_IFACE:-wg0}"
ext=eth0
subnets=(10.8.0.0/24 10.9.0.0/24)
endpoint="203.0.113.9 51820"

read -r host port <<< "$endpoint"

rules() {
    local ipt=$1; shift
    local verb
    for verb in -P; do
        for chain in INPUT OUTPUT FORWARD; do
            "$ipt" "$verb" "$chain" DROP
        done
    done
    "$ipt" -A INPUT -i lo -j ACCEPT
    "$ipt" -A OUTPUT -o lo -j ACCEPT
    "$ipt" -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
    "$ipt" -A OUTPUT -o "$iface" -j ACCEPT
    for extra in "$@"; do
        "$ipt" $extra
    done
}

rules iptables "-A OUTPUT -o $ext -d $host -p udp --dport $port -j ACCEPT" "-A INPUT -i $ext -p udp --sport $port -s $host -j ACCEPT"
rules ip6tables "-A INPUT -p ipv6-icmp -j ACCEPT" "-A OUTPUT -p ipv6-icmp -j ACCEPT"

for net in "${subnets[@]}"; do
    iptables -A FORWARD -s "$net" -o "$iface" -j ACCEPT
    iptables -A FORWARD -d "$net" -i "$iface" -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
    iptables -t nat -A POSTROUTING -s "$net" -o "$iface" -j MASQUERADE
done
iptables -t mangle -A PREROUTING -i "$ext" -p udp --sport "$port" -j MARK --set-mark $((0x10 + 5))
iptables -I FORWARD 1 -m mark --mark 0x15/0xff -j DROP
