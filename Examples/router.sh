#!/bin/sh
# A small router: start and stop.
IPT=/sbin/iptables
WAN=eth0
ADMIN=$(cat /etc/admin-address)

accept() {
    for port in "$@"; do
        $IPT -A INPUT -p tcp --dport "$port" -j ACCEPT
    done
}

case "$1" in
start)
    modprobe nf_nat
    echo 1 > /proc/sys/net/ipv4/ip_forward
    $IPT -P INPUT DROP
    $IPT -A INPUT -i lo -j ACCEPT
    accept 80 443
    $IPT -A INPUT -s "$ADMIN" -p tcp --dport 22 -j ACCEPT
    $IPT -t nat -A POSTROUTING -o $WAN -j MASQUERADE
    ;;
stop)
    $IPT -P INPUT ACCEPT
    $IPT -F
    ;;
esac
