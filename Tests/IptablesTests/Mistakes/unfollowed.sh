curl -s https://example.org >/tmp/list
jq . /tmp/list
curl -s https://example.net
iptables -P INPUT DROP
