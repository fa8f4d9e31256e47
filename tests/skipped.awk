# SPDX-License-Identifier: GPL-3.0-or-later
# usage: awk -f skipped.awk RESULTS.tap   one line: how many tests were skipped, and why.
/^(not )?ok .*# SKIP/ {
    reason = $0
    sub(/.*# SKIP */, "", reason)
    if (reason ~ /shared|contract/) reason = "no shared data"
    if (reason == "test was skipped") reason = "not asked for"
    if (!n[reason]++) order[++kinds] = reason
    total++
}

END {
    printf "%d test%s skipped", total, (total == 1 ? "" : "s")
    for (i = 1; i <= kinds; i++)
        printf "%s %s%s", (i == 1 ? ":" : ","), (kinds > 1 ? n[order[i]] " " : ""), order[i]
    print ""
}
