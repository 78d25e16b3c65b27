# Makes a page of the manual out of what generate-manual of swift-argument-parser wrote:
#   awk -v name=COMMAND -v version=N -v help=FILE -f page.awk PAGE
# The help of the command says which values there are, and the default. `name` is empty for the page of the program itself;
# then `commands` and `rest` are files with sections of its own.

function copy(file,    line) { while ((getline line < file) > 0) print line; close(file) }

# Of each option and argument what stands in brackets at its end, by `--option` or `argument`.
function read_help(    line, key) {
    while ((getline line < help) > 0) {
        if (line ~ /^  <[a-z]/) {
            key = substr(line, 4, index(line, ">") - 4)
        } else if (match(line, /^  (-[a-z], )?--[a-z-]+/)) {
            key = substr(line, 1, RLENGTH)
            sub(/.*--/, "--", key)
        }
        if (key != "" && match(line, /\((values|default): .*\)$/)) values[key] = substr(line, RSTART)
    }
    close(help)
}

BEGIN { read_help() }

# Where a package puts them.
{ gsub(/Examples\//, "/usr/share/doc/wallwright/examples/") }
/^\.Dt / { print ".Dt WALLWRIGHT" (name == "" ? "" : "-" toupper(name)) " 8"; next }
/^\.Os$/ { print ".Os \"Wallwright " version "\""; next }
/^\.Nm/ && name != "" { print titled++ ? ".Nm \"wallwright " name "\"" : ".Nm wallwright-" name; next }
# whatis(1) wants no sentence.
/^\.Nd / {
    text = substr($0, 5)
    gsub(/^"|\.?"$/, "", text)
    print ".Nd \"" tolower(substr(text, 1, 1)) substr(text, 2) "\""
    next
}
/^Example: / {
    count = split(substr($0, 10), parts, /; /)
    for (i = 1; i <= count; i++) examples = examples ".Dl " parts[i] "\n"
    next
}
/^$/ { gap = 1; next }
/^\.Sh "EXIT STATUS"/ { exit }
/^\.It / {
    key = $3
    if (match($0, / -[a-z][a-z-]*/)) key = "-" substr($0, RSTART + 1, RLENGTH - 1)
}
{
    if (gap && $0 !~ /^\./) print ".Pp"
    gap = 0
    print
    if ($0 !~ /^\./ && key in values) { print values[key]; key = "" }
}
END {
    if (name == "") {
        copy(commands)
        copy(rest)
    } else {
        print ".Sh EXIT STATUS\n0 when it is done; what the others mean is in\n.Xr wallwright 8 ."
    }
    if (examples != "") printf ".Sh EXAMPLES\n%s", examples
    print ".Sh SEE ALSO"
    if (name != "") print ".Xr wallwright 8 ,"
    print ".Xr wallwright-policy 5"
}
