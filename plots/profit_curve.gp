# Profit over price: solid and strong where prices were seen, dashed and pale beyond.
room = y_most > y_least ? y_most - y_least : max(abs(y_most), 1)
# a band much wider than the curve's own range would flatten it: it is cut
y_from = max(min(band_least, y_least), y_least - 1.2 * room) - 0.10 * room
y_to = min(max(band_most, y_most), y_most + 1.2 * room) + 0.06 * room
set xrange [x_first:x_last]
set yrange [y_from:y_to]
set tmargin at screen 0.70
set bmargin at screen 0.14
set lmargin at screen 0.12
set rmargin at screen 0.96
set xlabel x_label textcolor rgb grey
set label 4 y_label at screen 0.022, graph 0.5 center rotate by 90 textcolor rgb grey
x_step = tic_step(x_last - x_first, 8)
set xtics x_step
y_step = tic_step(y_to - y_from, 7)
set ytics ()
do for [i = int(ceil(y_from / y_step)):int(floor(y_to / y_step))] { set ytics add (tic_text(i * y_step, y_step) i * y_step) }
if (y_from < 0 && y_to > 0) { set arrow 1 from graph 0, first 0 to graph 1, first 0 nohead linewidth 2 linecolor rgb grey back }

# the prices that count, each with its words on a line of its own above the curve
marks = 'current promoted best'
colors = grey.' '.orange.' '.ink
do for [i = 1:3] {
    price = value(word(marks, i))
    said = value(word(marks, i).'_text')
    if (is_number(price)) {
        color = word(colors, i)
        dash = i == 3 ? 2 : 1
        shown = clamp(price, x_first, x_last)
        left_side = shown > x_first + 0.55 * (x_last - x_first)
        row = 1.02 + 0.062 * (i - 1)
        if (price == shown) {
            set arrow 10 + i from first price, graph 0 to first price, graph (row + 0.035) nohead linewidth 2.5 linecolor rgb color dashtype dash front
        } else {
            said = price > shown ? said.' ->' : '<- '.said
        }
        if (left_side) {
            set label 10 + i said at first shown, graph (row + 0.02) right offset -0.7, 0 textcolor rgb color front
        } else {
            set label 10 + i said at first shown, graph (row + 0.02) left offset 0.7, 0 textcolor rgb color front
        }
    }
}
# the interval of the best price, along the bottom; an arrow where it goes on
if (is_number(best_low)) {
    from = max(best_low, x_first)
    to = best_open || best_high > x_last ? x_last : best_high
    if (from < to) {
        set arrow 20 from first from, graph 0.03 to first to, graph 0.03 nohead linewidth 6 linecolor rgb ink front
        if (to == x_last) { set arrow 20 head filled size screen 0.012, 20 }
        if (best_low < x_first) { set arrow 21 from first to, graph 0.03 to first from, graph 0.03 head filled size screen 0.012, 20 linewidth 6 linecolor rgb ink front }
    }
}

seen(v) = v >= seen_low && v <= seen_high ? 1 : 0
plot file skip 1 using 1:3:4 with filledcurves fillcolor rgb '#eef3f8' notitle, \
     file skip 1 using (seen($1) ? $1 : NaN):3:4 with filledcurves fillcolor rgb '#cfe0ee' notitle, \
     file skip 1 using 1:2 with lines lw 3 dt 2 lc rgb '#7fb0d3' notitle, \
     file skip 1 using 1:(seen($1) ? $2 : NaN) with lines lw 5 lc rgb blue notitle
