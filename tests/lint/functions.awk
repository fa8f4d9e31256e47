# SPDX-License-Identifier: GPL-3.0-or-later
# usage: awk -v file=NAME -f functions.awk NAME   names functions over 60 lines and files over 500.
# Braces are counted outside comments, strings and directives; a function is a block at the outermost
# level whose head has a parenthesis and no "=" (that is a table).

function code_of(line,    out, i, c, two) { # the line without comments, strings and character constants
    out = ""
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        two = substr(line, i, 2)
        if (comment) {
            if (two == "*/") { comment = 0; i++ }
        } else if (quote != "") {
            if (c == "\\") i++
            else if (c == quote) quote = ""
        } else if (two == "/*") { comment = 1; i++ }
        else if (two == "//") break
        else if (c == "\"" || c == "'") quote = c
        else out = out c
    }
    if (line !~ /\\$/) quote = ""
    return out
}

{
    code = code_of($0)
    directive = continued || code ~ /^[ \t]*#/
    continued = directive && /\\$/
    if (directive) next
    for (i = 1; i <= length(code); i++) {
        c = substr(code, i, 1)
        if (c == "{") {
            if (depth++ == 0) { start = NR; is_function = head ~ /\(/ && head !~ /=/ }
        } else if (c == "}") {
            if (--depth == 0) {
                if (is_function && NR - start + 1 > 60)
                    printf "%s:%d: a function of %d lines\n", file, start, NR - start + 1
                head = ""
            }
        } else if (depth == 0) head = c == ";" ? "" : head c
    }
}

END {
    if (depth != 0) printf "%s: braces do not balance, so functions were not measured\n", file
    if (NR > 500) printf "%s: %d lines\n", file, NR
}
