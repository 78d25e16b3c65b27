#!/bin/sh
# Words that come from words.
run() { "$@"; }
opts='-m comment --comment'
drop="-j DROP"
run iptables -A INPUT $opts 'two  blanks' $drop
run iptables -A INPUT $opts "it's" $drop
run iptables -A INPUT $opts '"quoted" \ back' $drop
run iptables -A INPUT $opts "`echo one two`" $drop
run iptables -A INPUT $opts "a$(printf '%s' b)c" $drop
A=${UNSET_BY_ALL-eth0}
: "${B:=eth1}"
eval "iptables -A FORWARD -i $A -o \$B $drop"
set -- -A FORWARD -i eth2
run iptables "$@" -j ACCEPT
unset A
iptables -A OUTPUT -o "${A:-eth9}" ${A:+-p tcp} -j ACCEPT
count=0
deep() {
    count=$(($count + 1))
    iptables -A OUTPUT -p tcp --dport $((count * 100))
    [ $count -ge 3 ] || deep
}
deep
exit 0
iptables -F
