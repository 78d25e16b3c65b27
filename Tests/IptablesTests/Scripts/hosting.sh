#!/bin/bash
# Many customers on one host: a chain for each, the ports of each in a function.
readonly BASE=10.20

log_and_drop() {
    iptables -N LOGDROP
    iptables -A LOGDROP -m hashlimit --hashlimit-upto 10/min --hashlimit-burst 20 --hashlimit-mode srcip --hashlimit-name logs -j LOG --log-prefix 'drop: ' --log-level info
    iptables -A LOGDROP -j DROP
}

customer() {
    local name="$1" number="$2"; shift 2
    local chain="C_${name^^}"
    iptables -N "$chain"
    iptables -A FORWARD -d "$BASE.$number.0/24" -j "$chain"
    while [ $# -gt 0 ]; do
        case "$1" in
            web) set -- "$@" 80 443; shift; continue ;;
            *:*) iptables -A "$chain" -p "${1%%:*}" --dport "${1#*:}" -j ACCEPT ;;
            *) iptables -A "$chain" -p tcp --dport "$1" -j ACCEPT ;;
        esac
        shift
    done
    iptables -A "$chain" -g LOGDROP
}

log_and_drop
customer alice 1 web udp:53
customer bob 2 22 tcp:8000 web
customer "carol" 3
iptables -A FORWARD -m conntrack --ctstate NEW -m connlimit --connlimit-above 100 -j LOGDROP
[ -d /proc ] && iptables -P FORWARD DROP
