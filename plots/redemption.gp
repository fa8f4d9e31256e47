# Redemption against face value with its band, or store by store.
set yrange [0:y_most > 0 ? 1.12 * y_most : 1]
set lmargin at screen 0.09
step = tic_step(y_most > 0 ? 1.12 * y_most : 1, 6)
if (by_face) {
    room = x_most - x_least
    set xrange [x_least - 0.05 * room:x_most + 0.05 * room]
    set xlabel 'Face value' textcolor rgb grey
    set ytics ()
    do for [i = 0:int(floor(1.12 * y_most / step))] { set ytics add (tic_text(i * step, step).' %%' i * step) }
    x_step = tic_step(1.1 * room, 8)
    set xtics ()
    do for [i = int(ceil((x_least - 0.05 * room) / x_step)):int(floor((x_most + 0.05 * room) / x_step))] {
        set xtics add (tic_text(i * x_step, x_step) i * x_step)
    }
    plot file skip 1 using ($1 == 1 ? $2 : NaN):4:5 with filledcurves lc rgb '#cfe3f2' notitle, \
         file skip 1 using ($1 == 1 ? $2 : NaN):3 with lines lw 4 lc rgb blue notitle, \
         file skip 1 using ($1 == 2 ? $2 : NaN):3:4:5 with yerrorbars lw 3 pt 0 lc rgb ink notitle, \
         file skip 1 using ($1 == 2 ? $2 : NaN):3 with points pt 7 ps 2 lc rgb ink notitle, \
         file skip 1 using ($1 == 2 ? $2 : NaN):5:6 with labels offset 0, 0.9 font face.',18' tc rgb ink notitle
} else {
    named = rows <= 24
    row_px = 497.0 / (rows + 0.8)
    row_font = min(20, 0.85 * row_px)
    set xrange [0:y_most > 0 ? 1.05 * y_most : 1]
    set yrange [0.2:rows + 0.8]
    unset ytics
    if (named) { set ytics () nomirror scale 0 font face.','.sprintf('%.1f', row_font) textcolor rgb ink }
    set grid noytics
    set lmargin at screen 0.025 + (named ? label_columns * row_font * 0.72 / 1280 : 0.01)
    set xlabel 'Coupons redeemed' textcolor rgb grey
    set xtics ()
    do for [i = 0:int(floor(1.05 * y_most / step))] { set xtics add (tic_text(i * step, step).' %%' i * step) }
    if (is_number(overall)) {
        if (is_number(overall_low)) {
            set object 1 rectangle from overall_low, graph 0 to overall_high, graph 1 fillcolor rgb shade fillstyle solid noborder behind
        }
        set arrow 1 from overall, graph 0 to overall, graph 1 nohead linewidth 2 linecolor rgb ink back
    }
    bar = clamp(row_px / 8, 0.5, 4)
    dot = clamp(row_px / 14, 0.4, 1.8)
    if (named) {
        plot file skip 1 using 4:2:($5 - $4):(0) with vectors nohead lw bar lc rgb '#9cc4e2' notitle, \
             file skip 1 using 3:2:ytic(6) with points pt 7 ps dot lc rgb blue notitle
    } else {
        plot file skip 1 using 4:2:($5 - $4):(0) with vectors nohead lw bar lc rgb '#9cc4e2' notitle, \
             file skip 1 using 3:2 with points pt 7 ps dot lc rgb blue notitle
    }
}
