# SPDX-License-Identifier: GPL-3.0-or-later
# A table of ratios: blue above 1, orange below, the paler the nearer to 1.
set xrange [0.5:columns + 0.5]
set yrange [0.5:rows + 0.5]
set tmargin at screen 0.75
set bmargin at screen 0.05
set lmargin at screen 0.20
set rmargin at screen 0.98
unset grid
font_size = min(20, min(300.0 / rows, 170.0 / columns + 4))
name_font = face.','.sprintf('%.1f', min(19, 990.0 / columns / (0.66 * name_columns)))
unset xtics
unset ytics
# names as labels: a tic's text would be read as a format
do for [i = 1:rows] { set label 50 + i value(sprintf('row_%d', i)) at graph -0.01, first rows + 1 - i right font face.','.sprintf('%.1f', font_size) textcolor rgb ink }
do for [i = 1:columns] { set label 20 + i value(sprintf('column_%d', i)) at first i, graph 1.035 center font name_font textcolor rgb ink }
# half and double are as far from 1 as a colour goes
depth(v) = v > 0 ? min(1, abs(log(v)) / log(2)) : 1
mix(from, to, share) = int(from + (to - from) * share + 0.5)
shade_of(v) = v >= 1 ? mix(255, 0x56, depth(v)) * 65536 + mix(255, 0xa4, depth(v)) * 256 + mix(255, 0xd6, depth(v)) \
                     : mix(255, 0xe8, depth(v)) * 65536 + mix(255, 0x92, depth(v)) * 256 + mix(255, 0x5a, depth(v))
plot file skip 1 using 1:2:(0.48):(0.47):(shade_of($3)) with boxxyerror fillstyle solid 1 lc rgb variable notitle, \
     file skip 1 using 1:2:5 with labels center font face.','.sprintf('%.1f', font_size) tc rgb ink notitle
