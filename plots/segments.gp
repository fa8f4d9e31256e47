# The effect at each level of the attributes of the stores, attribute by attribute; the whole effect as a line.
in_ratios = relative && effect_most > 150
at(effect) = in_ratios ? log(max(1 + effect / 100, 1e-6)) : effect
room = effect_most > effect_least ? at(effect_most) - at(effect_least) : 1
x_from = at(effect_least) - 0.06 * room
x_to = at(effect_most) + 0.06 * room
set xrange [x_from:x_to]
set xlabel x_label textcolor rgb grey
set xtics ()
if (in_ratios) {
    set xtics add ('0 %%' 0)
    do for [side = 0:1] {
        steps = side ? '-20 -33 -50 -75 -90 -97 -99' : '25 50 100 300 900 2900 9900 99900 999900'
        last = 0
        do for [step in steps] {
            if (abs(at(real(step)) - last) > 0.1 * (x_to - x_from)) {
                last = at(real(step))
                set xtics add (ratio_text(step) last)
            }
        }
    }
} else {
    step = tic_step(x_to - x_from, 6)
    do for [i = int(ceil(x_from / step)):int(floor(x_to / step))] {
        set xtics add (tic_text(i * step, step).(relative ? ' %%' : '') i * step)
    }
}
row_px = 460.0 / (rows + 1)
row_font = min(22, 0.62 * row_px)
set yrange [0.4:rows + 0.7]
set lmargin at screen 0.27
set rmargin at screen 0.86
set grid noytics
set ytics () nomirror scale 0 font face.','.sprintf('%.1f', row_font) textcolor rgb ink
set arrow 1 from 0, graph 0 to 0, graph 1 nohead linewidth 2 linecolor rgb ink back
if (is_number(whole)) {
    set arrow 2 from at(whole), graph 0 to at(whole), graph 1 nohead dashtype (8, 6) linewidth 2 linecolor rgb orange back
}
# an attribute's name stands left of its levels, what its test says at the right
do for [i = 1:headers] {
    set label 10 + i value(sprintf('header_%d', i)) at screen 0.02, first value(sprintf('header_row_%d', i)) left font bold.','.sprintf('%.1f', row_font) textcolor rgb ink
    set label 60 + i value(sprintf('header_p_%d', i)) at screen 0.985, first value(sprintf('header_row_%d', i)) right font face.','.sprintf('%.1f', row_font) textcolor rgb (value(sprintf('header_may_%d', i)) > 0 ? orange : grey)
    bold_labels = bold_labels.sprintf(' %d:%.1f', 10 + i, row_font)
}
color = blue
small = face.','.sprintf('%.1f', 0.85 * row_font)
plot file skip 1 using ($5 > 0 ? x_from : at($3)):1:(($6 > 0 ? x_to : at($4)) - ($5 > 0 ? x_from : at($3))):(0) \
         with vectors nohead lw 4 lc rgb color notitle, \
     file skip 1 using ($5 > 0 ? x_from + 0.03 * room : NaN):1:(-0.03 * room):(0) \
         with vectors filled head size screen 0.010, 20 lw 4 lc rgb color notitle, \
     file skip 1 using ($6 > 0 ? x_to - 0.03 * room : NaN):1:(0.03 * room):(0) \
         with vectors filled head size screen 0.010, 20 lw 4 lc rgb color notitle, \
     file skip 1 using (at($2)):1:ytic(7) with points pt 7 ps 1.8 lc rgb color notitle, \
     file skip 1 using (x_to):1:8 with labels right offset screen 0.125, 0 font small tc rgb grey notitle
