#!/bin/bash
# A router between two networks: NAT, forwarded ports, start and stop.
set -e

IPT="$(command -v iptables)"
WAN=eth0
LAN=eth1
LAN_NET=10.0.0.0/24
declare -A FORWARDS
FORWARDS[8080]=10.0.0.2:80
PORTS=(22 53 "80:81")

stop() {
    for table in filter nat mangle; do
        $IPT -t "$table" -F
        $IPT -t "$table" -X
    done
    $IPT -P INPUT ACCEPT
    $IPT -P FORWARD ACCEPT
}

forward() {
    local from=$1 to=$2
    local host=${to%%:*} port=${to##*:}
    "$IPT" -t nat -A PREROUTING -i $WAN -p tcp --dport "$from" -j DNAT --to-destination "$to"
    "$IPT" -A FORWARD -i $WAN -o $LAN -p tcp -d "$host" --dport "$port" -j ACCEPT
}

start() {
    stop
    echo 1 > /proc/sys/net/ipv4/ip_forward
    "$IPT" -P INPUT DROP
    "$IPT" -P FORWARD DROP
    "$IPT" -A INPUT -i lo -j ACCEPT
    "$IPT" -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
    "$IPT" -A FORWARD -m state --state ESTABLISHED,RELATED -j ACCEPT
    "$IPT" -A FORWARD -i "$LAN" -o "$WAN" -s "$LAN_NET" -j ACCEPT
    "$IPT" -t nat -A POSTROUTING -s "$LAN_NET" -o "$WAN" -j MASQUERADE
    "$IPT" -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
    for port in "${PORTS[@]}"; do
        "$IPT" -A INPUT -i "$LAN" -p tcp --dport "$port" -j ACCEPT
    done
    for port in "${!FORWARDS[@]}"; do
        forward "$port" "${FORWARDS[$port]}"
    done
    if [[ ${#PORTS[@]} -gt 2 && $LAN != "$WAN" ]]; then
        "$IPT" -A INPUT -i $LAN -p udp --dport 67:68 --sport 67:68 -j ACCEPT
    fi
    return 0
}

case "$1" in
    start|restart)
        start
        ;;
    stop)
        stop
        ;;
    status)
        $IPT -L -n -v
        ;;
    *)
        echo "Usage: $0 {start|stop|restart|status}" >&2
        exit 1
        ;;
esac
