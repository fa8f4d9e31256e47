# SPDX-License-Identifier: GPL-3.0-or-later
# A row a KPI: name and status, value, value against target, course. The plane is counted in pixels.
set xrange [0:1280]
set yrange [0:720]
set tmargin at screen 1
set bmargin at screen 0
set lmargin at screen 0
set rmargin at screen 1
unset xtics
unset ytics
unset grid
set label 101 at screen 0.02, screen 0.94
set label 103 at screen 0.02, screen (two_lines ? 0.85 : 0.885)
top = two_lines ? 590.0 : 615.0
deep = min(115.0, (top - 12) / rows)
y_of(row) = top - (row - 0.5) * deep
scale = min(1, deep / 96)
size_of(points) = face.','.sprintf('%.1f', points * scale)
bold_of(points) = bold.','.sprintf('%.1f', points * scale)
bar_from = 730
bar_to = 990
line_from = 1030
line_to = 1250
do for [i = 0:rows] { set arrow 10 + i from 26, top - i * deep to 1254, top - i * deep nohead linewidth 1 linecolor rgb pale back }

color(status) = status == 1 ? 0x009e73 : status == 2 ? 0xb87700 : status == 3 ? 0xd55e00 : 0x66707a
bar_color(status) = status == 1 ? 0x8fcfb9 : status == 2 ? 0xe5c384 : status == 3 ? 0xf0ac84 : 0xaecbe0
mark(status) = status == 2 ? 13 : status == 3 ? 9 : status == 1 ? 7 : 6
bar(share) = bar_from + share * (bar_to - bar_from)
half = 0.17 * deep
plot for [s = -1:3] file skip 1 using (int($1) == 1 && int($3) == s ? 44 : NaN):(y_of($2) + 0.14 * deep):(color($3)) with points pt mark(s) ps 2.4 * scale lc rgb variable notitle, \
     file skip 1 using (int($1) == 1 ? 70 : NaN):(y_of($2) + 0.14 * deep):9 with labels left font size_of(23) tc rgb ink notitle, \
     file skip 1 using (int($1) == 1 ? 70 : NaN):(y_of($2) - 0.20 * deep):11:(color($3)) with labels left font size_of(18) tc rgb variable notitle, \
     file skip 1 using (int($1) == 1 ? 190 : NaN):(y_of($2) - 0.20 * deep):14 with labels left font size_of(18) tc rgb grey notitle, \
     file skip 1 using (int($1) == 1 ? 710 : NaN):(y_of($2) + 0.14 * deep):10:(color($3)) with labels right font size_of(27) tc rgb variable notitle, \
     file skip 1 using (int($1) == 1 ? bar_from : NaN):(y_of($2) - 0.34 * deep):12 with labels left font size_of(16) tc rgb grey notitle, \
     file skip 1 using (int($1) == 1 && is_number($4) ? (bar_from + bar_to) / 2.0 : NaN):(y_of($2) + 0.06 * deep):((bar_to - bar_from) / 2.0):(half) with boxxyerror fillstyle solid 1 lc rgb '#eef1f4' notitle, \
     file skip 1 using (int($1) == 1 ? (bar($4) + bar($8)) / 2 : NaN):(y_of($2) + 0.06 * deep):(abs(bar($4) - bar($8)) / 2):(0.7 * half):(bar_color($3)) with boxxyerror fillstyle solid 1 lc rgb variable notitle, \
     file skip 1 using (int($1) == 1 && $8 > 0 ? bar($8) : NaN):(y_of($2) + 0.06 * deep - half):(0):(2 * half) with vectors nohead lw 1.5 lc rgb grey notitle, \
     file skip 1 using (int($1) == 1 ? bar($5) : NaN):(y_of($2) + 0.06 * deep):(bar($6) - bar($5)):(0) with vectors nohead lw 4 lc rgb '#4a5560' notitle, \
     file skip 1 using (int($1) == 1 ? bar($7) : NaN):(y_of($2) + 0.06 * deep - 1.35 * half):(0):(2.7 * half) with vectors nohead lw 5 lc rgb ink notitle, \
     for [r = 1:rows] file skip 1 using (int($1) == 2 && int($2) == r ? line_from + $4 * (line_to - line_from) : NaN):(y_of($2) + (0.42 * $5 - 0.12) * deep) with linespoints pt 7 ps 0.4 lw 3.5 lc rgb blue notitle, \
     file skip 1 using (int($1) == 2 && $3 > 0 ? line_from + $4 * (line_to - line_from) : NaN):(y_of($2) + (0.42 * $5 - 0.12) * deep) with points pt 7 ps 1.6 * scale lc rgb blue notitle, \
     file skip 1 using (int($1) == 1 ? line_from : NaN):(y_of($2) - 0.34 * deep):13 with labels left font size_of(16) tc rgb grey notitle
