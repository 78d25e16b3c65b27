#!/bin/sh
# A mail server, both families by one loop, with a file of rules for what is the same.

accept_tcp() {
    cmd=$1
    shift
    for p
    do
        $cmd -A SERVICES -p tcp -m tcp --dport $p --syn -j ACCEPT
    done
}

for ipt in iptables ip6tables; do
    $ipt -F; $ipt -X
    $ipt -N SERVICES
    $ipt -A INPUT -i lo -j ACCEPT
    $ipt -A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT
    $ipt -A INPUT -m state --state INVALID -j DROP
    $ipt -A INPUT -j SERVICES
    accept_tcp $ipt smtp submission 465 imap2 imaps
    if [ $ipt = ip6tables ]; then
        $ipt -A INPUT -p icmpv6 -j ACCEPT
        block=2001:db8:bad::/48
    else
        $ipt -A INPUT -p icmp -j ACCEPT
        block=198.51.100.0/24
    fi
    $ipt -I INPUT 2 -s $block -m comment --comment "known for spam" -j DROP
    $ipt -P INPUT DROP
done

cat > /tmp/wallwright-mail.rules <<EOF
*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -p tcp -m tcp --dport 25 -j NOTRACK
COMMIT
EOF
iptables-restore --noflush < /tmp/wallwright-mail.rules
rm -f /tmp/wallwright-mail.rules
