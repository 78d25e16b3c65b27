#!/bin/sh
# Stops at the first error.
set -e
IPT=iptables
$IPT -A INPUT -i lo -j ACCEPT
$IPT -D INPUT -j NONE || :
if ! $IPT -L NONE >/dev/null 2>&1; then
    $IPT -N NONE
fi
( $IPT -A NONE -j DROP; exit 3 ) || $IPT -A NONE -j ACCEPT
$IPT -A INPUT -j NONE
x=$($IPT -A FORWARD -j DROP && echo done)
[ "$x" = done ] && $IPT -A FORWARD -j LOG
$IPT -N NONE
$IPT -P INPUT DROP
