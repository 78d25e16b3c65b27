#!/bin/bash
# What a runtime of containers makes, by hand.
set -euo pipefail

bridge=docker0
net=172.17.0.0/16
published=("80:172.17.0.2:8080" "5432:172.17.0.3:5432")

for c in DOCKER DOCKER-ISOLATION-STAGE-1 DOCKER-ISOLATION-STAGE-2 DOCKER-USER; do
    iptables -N "$c" || true
done
iptables -t nat -N DOCKER

iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
iptables -t nat -A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
iptables -t nat -A POSTROUTING -s $net ! -o $bridge -j MASQUERADE
iptables -t nat -A DOCKER -i $bridge -j RETURN

iptables -A FORWARD -j DOCKER-USER
iptables -A FORWARD -j DOCKER-ISOLATION-STAGE-1
iptables -A FORWARD -o $bridge -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables -A FORWARD -o $bridge -j DOCKER
iptables -A FORWARD -i $bridge ! -o $bridge -j ACCEPT
iptables -A FORWARD -i $bridge -o $bridge -j ACCEPT
iptables -A DOCKER-ISOLATION-STAGE-1 -i $bridge ! -o $bridge -j DOCKER-ISOLATION-STAGE-2
iptables -A DOCKER-ISOLATION-STAGE-1 -j RETURN
iptables -A DOCKER-ISOLATION-STAGE-2 -o $bridge -j DROP
iptables -A DOCKER-ISOLATION-STAGE-2 -j RETURN
iptables -A DOCKER-USER -j RETURN

for entry in "${published[@]}"; do
    IFS=: read -r outer address inner <<< "$entry"
    iptables -t nat -A DOCKER ! -i $bridge -p tcp --dport "$outer" -j DNAT --to-destination "$address:$inner"
    iptables -A DOCKER -d "$address/32" ! -i $bridge -o $bridge -p tcp --dport "$inner" -j ACCEPT
    iptables -t nat -A POSTROUTING -s "$address/32" -d "$address/32" -p tcp --dport "$inner" -j MASQUERADE
done
iptables -I DOCKER-USER -i eth0 ! -s 192.0.2.0/24 -j DROP
