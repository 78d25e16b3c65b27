#!/bin/sh
# A script that goes on after every error, as scripts do.
iptables -A INPUT -j NOWHERE
iptables -N TWICE
iptables -N TWICE
iptables -X TWICE
iptables -A INPUT -p tcp --dprot 22 -j ACCEPT
iptables -A INPUT --dport 22 -j ACCEPT
iptables -A INPUT -p udp --dport 70000 -j ACCEPT
iptables -D INPUT -j ACCEPT
iptables -P INPUT REJECT
iptables -t nat -P OUTPUT DROP
iptables -t filters -A INPUT -j ACCEPT
iptables -N A
iptables -N B
iptables -A INPUT -j A
iptables -A A -j B
iptables -A B -j A
iptables -X A
iptables -F A
iptables -X B
iptables -X A
iptables -I INPUT 9 -j ACCEPT
iptables -R INPUT 5 -j ACCEPT
iptables -A FORWARD -o eth0 -j ACCEPT -t filter
iptables -A INPUT -o eth0 -j ACCEPT
iptables -t nat -A PREROUTING -j MASQUERADE
iptables -A OUTPUT -j DROP && iptables -A OUTPUT -j ACCEPT
iptables -w 3 -A OUTPUT -j LOG -v
iptables -6 -A OUTPUT -j LOG
iptables -A OUTPUT -j INPUT
iptables -A
iptables
if iptables -C OUTPUT -j DROP; then iptables -A OUTPUT -p icmp; fi
! iptables -C OUTPUT -j RETURN && iptables -A OUTPUT -p 47
