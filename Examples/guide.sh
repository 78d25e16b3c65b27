#!/bin/sh
# The commands of a guide to default-deny with iptables, as it gives them.

# Flush all rules
iptables -F

# Allow loopback
iptables -A INPUT -i lo -j ACCEPT
iptables -A OUTPUT -o lo -j ACCEPT

# Stateful inspection
iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
iptables -A OUTPUT -m state --state ESTABLISHED,RELATED -j ACCEPT

# Allow SSH (port 22)
iptables -A INPUT -p tcp --dport 22 -j ACCEPT

# Set default DROP policy
iptables -P INPUT DROP
iptables -P FORWARD DROP
iptables -P OUTPUT DROP

# Create custom chain
iptables -N OPEN_PORTS
iptables -A INPUT -j OPEN_PORTS

# Allow HTTP/HTTPS
iptables -A OPEN_PORTS -p tcp --dport 80 -j ACCEPT
iptables -A OPEN_PORTS -p tcp --dport 443 -j ACCEPT

# Restrict MySQL to one IP
iptables -A OPEN_PORTS -p tcp -s 192.0.2.5 --dport 3306 -j ACCEPT

# Allow ping
iptables -A INPUT -p icmp -j ACCEPT
iptables -A OUTPUT -p icmp -j ACCEPT

# Rate limit port 80
iptables -A INPUT -p tcp --dport 80 -m state --state NEW -m recent --update --seconds 60 --hitcount 50 -j DROP
iptables -A INPUT -p tcp --dport 80 -m state --state NEW -m recent --set -j ACCEPT

# Block anomalous packets
iptables -A INPUT -p tcp --tcp-flags ALL NONE -j DROP
iptables -A INPUT -p tcp --tcp-flags ALL FIN,URG,PSH -j DROP
iptables -A INPUT -f -j DROP

# Set up logging
iptables -A INPUT -m limit --limit 5/min -j LOG --log-prefix "IPTABLES LIMITED: " --log-level 7
iptables -A INPUT -j LOG --log-prefix "IPTABLES DROPPED FINAL: " --log-level 7

# List all rules
iptables -L -n -v
