#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: sanitizer_logs.sh PREFIX   fails, and shows them, when the sanitizers left logs PREFIX.*; a leak whose
# whole stack is in Criterion itself is Criterion's.
set -u
bad=0
for log in "$1".*; do
    [ -f "$log" ] || continue
    awk '
        /ERROR: AddressSanitizer|runtime error:|DEADLYSIGNAL/ { ours = 1 }
        /(Direct|Indirect) leak of/ { if (open && !criterion) ours = 1; open = 1; criterion = 0 }
        open && /^ *#[0-9]/ && !/__interceptor_|libcriterion\.so|libc\.so|ld-linux/ { ours = 1 }
        open && /libcriterion\.so/ { criterion = 1 }
        END { exit ours || (open && !criterion) }' "$log" && continue
    cat "$log"
    bad=1
done
[ "$bad" = 0 ] || echo "the sanitizers complained"
exit "$bad"
