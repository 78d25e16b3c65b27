#!/bin/sh
# A host of IPv6, with the errors that it must hear of.
ip6() { ip6tables "$@"; }

ip6 -P INPUT DROP
ip6 -P FORWARD DROP
ip6 -A INPUT -i lo -j ACCEPT
ip6 -A INPUT ! -i lo -s ::1/128 -j DROP
for type in destination-unreachable packet-too-big time-exceeded parameter-problem; do
    ip6 -A INPUT -p icmpv6 --icmpv6-type $type -j ACCEPT
done
for type in router-solicitation router-advertisement neighbour-solicitation neighbour-advertisement; do
    ip6 -A INPUT -p icmpv6 --icmpv6-type $type -m hl --hl-eq 255 -j ACCEPT
done
ip6 -A INPUT -p icmpv6 --icmpv6-type echo-request -m limit --limit 10/second --limit-burst 20 -j ACCEPT
ip6 -A INPUT -s fe80::/10 -p udp --dport 546 -j ACCEPT
ip6 -A INPUT -m state --state ESTABLISHED -j ACCEPT
ip6 -A INPUT -p tcp -m multiport --dports http,https,22 -j ACCEPT
ip6 -A INPUT -j REJECT --reject-with icmp6-adm-prohibited
