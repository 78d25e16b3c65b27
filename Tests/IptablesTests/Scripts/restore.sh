#!/bin/sh
# Whole files of rules within a script.
OUT=eth0
ALLOWED="192.0.2.10 192.0.2.11"

iptables -N OLD
iptables-restore <<'RULES'
# first
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:LOGDROP - [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -j LOGDROP
-A LOGDROP -m limit --limit 1/min -j LOG --log-prefix "a \"quoted\" word "
-A LOGDROP -j DROP
COMMIT
RULES

{
    echo "*nat"
    echo ":POSTROUTING ACCEPT"
    echo "-A POSTROUTING -o $OUT -j MASQUERADE"
    echo COMMIT
    printf '*filter\n'
    for a in $ALLOWED; do
        printf -- '-I INPUT 2 -s %s -j ACCEPT\n' "$a"
    done
    echo COMMIT
} | iptables-restore -n

iptables-save | grep -c . > /dev/null
ip6tables-restore <<-END
	*filter
	:INPUT ACCEPT [0:0]
	-A INPUT -i $OUT -p tcp -m tcp --dport 22 -j ACCEPT
	COMMIT
	END
