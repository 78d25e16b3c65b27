#!/bin/bash
# Tables within the script, read in the ways that scripts have.
iptables -N BLOCK
iptables -N ALLOW

while IFS=, read -r proto port name; do
    [[ -n $proto ]] || continue
    iptables -A ALLOW -p "$proto" --dport "$port" -m comment --comment "$name" -j ACCEPT
done <<TABLE
tcp,22,secure shell

udp,53,names
TABLE

printf '%s\n' 192.0.2.{1..4} | while read -r ip; do
    iptables -A BLOCK -s "$ip" -j DROP
done

i=10
until (( i > 12 )); do
    iptables -A BLOCK -s 198.51.100.$i/32 -j DROP
    (( i += 1 ))
done

for ((n = 0; n < 6; n += 2)); do
    iptables -I ALLOW 1 -p udp --dport $((6000 + n)) -j ACCEPT
done

for last in $(seq 5 -2 1) 0{7,8}; do
    [ "$last" = 07 ] && break
    iptables -A BLOCK -d 203.0.113.$last -j DROP
done

proto=TCP
ports="22,80"
iptables -A ALLOW -p ${proto,,} -m multiport --dports ${ports//,22/}${ports:2} -j ACCEPT
iptables -A INPUT -s 10.1.0.0/16,10.2.0.0/16 -d 10.9.9.9,10.8.8.8 -j BLOCK
iptables -A INPUT -j ALLOW
iptables -D BLOCK -s 192.0.2.2 -j DROP
iptables -E BLOCK DENIED
