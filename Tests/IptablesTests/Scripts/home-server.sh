#!/bin/sh
# A home server: a few services for the local network, SSH for all.

IPTABLES=/usr/sbin/iptables
LAN=192.168.1.0/24
TCP_SERVICES="80 443 8080"
UDP_SERVICES="1194 51820"

# Start anew
$IPTABLES -F
$IPTABLES -X
$IPTABLES -Z
$IPTABLES -P INPUT DROP
$IPTABLES -P FORWARD DROP
$IPTABLES -P OUTPUT ACCEPT

$IPTABLES -A INPUT -i lo -j ACCEPT
$IPTABLES -A INPUT ! -i lo -d 127.0.0.0/8 -j REJECT
$IPTABLES -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
$IPTABLES -A INPUT -p icmp --icmp-type echo-request -m limit --limit 5/s -j ACCEPT

for port in $TCP_SERVICES
do
    $IPTABLES -A INPUT -p tcp --dport $port -m conntrack --ctstate NEW -j ACCEPT
done

for port in $UDP_SERVICES; do
    $IPTABLES -A INPUT -p udp --dport "$port" -j ACCEPT
done

# Samba for the local network
$IPTABLES -A INPUT -s $LAN -p udp -m multiport --dports 137,138 -j ACCEPT
$IPTABLES -A INPUT -s $LAN -p tcp -m multiport --dports 139,445 -j ACCEPT

# SSH, with a brake for those who guess
$IPTABLES -N SSH_CHECK
$IPTABLES -A INPUT -p tcp --dport 22 -m conntrack --ctstate NEW -j SSH_CHECK
$IPTABLES -A SSH_CHECK -m recent --set --name SSH
$IPTABLES -A SSH_CHECK -m recent --update --seconds 60 --hitcount 4 --name SSH -j DROP
$IPTABLES -A SSH_CHECK -j ACCEPT

$IPTABLES -A INPUT -m limit --limit 3/min -j LOG --log-prefix "input denied: "
$IPTABLES -A INPUT -j REJECT --reject-with icmp-host-prohibited
echo "Firewall is up."
