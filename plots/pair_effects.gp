# Every pair's effect, sorted, with the overall interval as a band and a row of its own.
named = pairs <= 24
color(effect) = effect > 0 ? 0x0072b2 : effect < 0 ? 0xd55e00 : 0x66707a

# Lifts far above 100 % go on a scale of ratios, where a doubling and a halving are as far from zero.
in_ratios = relative && max(effect_most, overall_open_high || !is_number(overall_high) ? 0 : overall_high) > 150
at(effect) = in_ratios ? log(max(1 + effect / 100, 1e-6)) : effect
least = at(min(effect_least, 0))
most = at(max(effect_most, 0))
room = most > least ? most - least : 1
has_interval = is_number(overall_low) || is_number(overall_high) || overall_open_low || overall_open_high
# an interval much wider than the pairs' own range would squeeze them: it ends in an arrow
x_from = (has_interval && !overall_open_low ? max(min(least, at(overall_low)), least - 1.5 * room) : least) - 0.06 * room
x_to = (has_interval && !overall_open_high ? min(max(most, at(overall_high)), most + 1.5 * room) : most) + 0.06 * room
set xrange [x_from:x_to]
set xlabel x_label textcolor rgb grey
if (in_ratios) {
    set xtics ()
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
    set xtics ()
    step = tic_step(x_to - x_from, 6)
    do for [i = int(ceil(x_from / step)):int(floor(x_to / step))] {
        set xtics add (tic_text(i * step, step).(relative ? ' %%' : '') i * step)
    }
}

set tmargin at screen 0.82
set bmargin at screen 0.13
gap = named ? 1.6 : 0.09 * pairs
row_px = 497.0 / (pairs + gap + 0.8)
row_font = min(20, 0.95 * row_px)
overall_font = named ? max(row_font, 16) : 20
set yrange [1 - gap - (named ? 0.5 : 0.03 * pairs):pairs + (named ? 0.7 : 0.02 * pairs)]
y_overall = 1 - gap + (named ? 0.2 : 0.02 * pairs)
set lmargin at screen 0.025 + max(named ? label_columns * row_font : 0, 9 * overall_font) * 0.72 / 1280
unset ytics
set grid noytics
if (named) { set ytics () nomirror scale 0 font face.','.sprintf('%.1f', row_font) textcolor rgb ink }
set label 5 'All pairs' at graph -0.012, first y_overall right font bold.','.sprintf('%.1f', overall_font) textcolor rgb ink
bold_labels = bold_labels.sprintf(' 5:%.1f', overall_font).(named ? '' : ' 7:18 8:18')

if (has_interval) {
    from = overall_open_low ? x_from : max(at(overall_low), x_from)
    to = overall_open_high ? x_to : min(at(overall_high), x_to)
    set object 1 rectangle from from, graph 0 to to, graph 1 fillcolor rgb shade fillstyle solid noborder behind
    set arrow 2 from at(overall), y_overall to from, y_overall linewidth 5 linecolor rgb ink front nohead
    set arrow 3 from at(overall), y_overall to to, y_overall linewidth 5 linecolor rgb ink front nohead
    if (from == x_from) { set arrow 2 head filled size screen 0.012, 20 }
    if (to == x_to) { set arrow 3 head filled size screen 0.012, 20 }
}
set arrow 1 from 0, graph 0 to 0, graph 1 nohead linewidth 2 linecolor rgb ink back
if (is_number(overall)) { set label 6 '' at at(overall), y_overall point pt 13 ps 3 linecolor rgb ink front }

if (named) {
    dot = max(0.7, min(1.8, row_px / 14))
    plot file skip 1 using (0):1:(at($2)):(0):(color($2)) with vectors nohead lw clamp(row_px / 10, 1, 4) lc rgb variable notitle, \
         file skip 1 using (at($2)):1:(color($2)):ytic(4) with points pt 7 ps dot lc rgb variable notitle
} else {
    # beyond 40 pairs only the three highest and lowest have names, listed beside the chart
    set rmargin at screen 0.965 - (label_columns + 10) * 0.6 * 17 / 1280
    line = 0.056 * (pairs + gap)
    top_y(rank) = pairs - (pairs - rank + 1.1) * line
    low_y(rank) = 0.05 * pairs + (rank - 1) * line
    set label 7 'Highest' at graph 1, first top_y(pairs + 1) left offset screen 0.016, 0 font bold.',18' textcolor rgb grey
    set label 8 'Lowest' at graph 1, first low_y(4) left offset screen 0.016, 0 font bold.',18' textcolor rgb grey
    plot file skip 1 using (at($2)):1:(color($2)) with points pt 7 ps (pairs > 150 ? 0.5 : 0.8) lc rgb variable notitle, \
         file skip 1 using ($1 > pairs - 3 ? x_to : NaN):(top_y($1)):(strcol(3).'  '.strcol(4)) with labels left offset screen 0.016, 0 font face.',17' tc rgb ink notitle, \
         file skip 1 using ($1 <= 3 ? x_to : NaN):(low_y($1)):(strcol(3).'  '.strcol(4)) with labels left offset screen 0.016, 0 font face.',17' tc rgb ink notitle
}
