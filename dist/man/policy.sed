# Makes of docs/policy.md what lowdown(1) turns into a page of the manual.
1c\
# NAME\
\
wallwright-policy - what may get in, out and through\
\
# DESCRIPTION
# The list of contents.
/^- \[.*\](#/d
# A page has two levels of headings.
s/^## \(.*\)/# \U\1/
s/^### /## /
# There is nothing to follow.
s/\[\([^]]*\)\](\([^)]*\))/\1/g
# Where a package puts them.
s|\$schema=\.\./docs/|$schema=/usr/share/wallwright/|
s|Examples/|/usr/share/doc/wallwright/examples/|g
