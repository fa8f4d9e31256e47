# SPDX-License-Identifier: GPL-3.0-or-later
# Own and competitors' prices, a small panel a product. The plane is counted in pixels.
across = panels <= 2 ? panels : panels == 4 ? 2 : 3
down = int(ceil(1.0 * panels / across))
set xrange [0:1280]
set yrange [0:720]
set tmargin at screen 1
set bmargin at screen 0
set lmargin at screen 0
set rmargin at screen 1
unset xtics
unset ytics
unset grid
top = two_lines ? 560.0 : 580.0
wide = 1240.0 / across
deep = (top - 20) / down
left_of(p) = 26 + ((int(p) - 1) % across) * wide
low_of(p) = top - (int((int(p) - 1) / across) + 1) * deep
x_of(p, share) = left_of(p) + 64 + share * (wide - 110)
y_of(p, share) = low_of(p) + 24 + share * (deep - 84)
do for [p = 1:panels] {
    set label 20 + p value(sprintf('name_%d', p)) at left_of(p) + 64, low_of(p) + deep - 26 left font face.',22' textcolor rgb ink
    set label 30 + p value(sprintf('least_%d', p)) at left_of(p) + 54, y_of(p, 0) right font face.',16' textcolor rgb grey
    set label 40 + p value(sprintf('most_%d', p)) at left_of(p) + 54, y_of(p, 1) right font face.',16' textcolor rgb grey
    set arrow 20 + p from left_of(p) + 64, y_of(p, 0) to x_of(p, 1), y_of(p, 0) nohead linewidth 1 linecolor rgb pale back
    set arrow 40 + p from left_of(p) + 64, y_of(p, 1) to x_of(p, 1), y_of(p, 1) nohead linewidth 1 linecolor rgb pale back
}
set label 4 'own' at 1100, top + 18 right font bold.',21' textcolor rgb blue
set label 5 'competitors' at 1254, top + 18 right font bold.',21' textcolor rgb orange
bold_labels = bold_labels.' 4:21 5:21'
plot for [p = 1:panels] file skip 1 using (int($1) == p && int($2) == 2 ? x_of($1, $3) : NaN):(y_of($1, $4)) with linespoints pt 7 ps 0.3 lw 3.5 dt 2 lc rgb orange notitle, \
     for [p = 1:panels] file skip 1 using (int($1) == p && int($2) == 1 ? x_of($1, $3) : NaN):(y_of($1, $4)) with linespoints pt 7 ps 0.3 lw 4 lc rgb blue notitle
