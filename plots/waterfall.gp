# A waterfall from top to bottom: totals in grey, what adds in blue, what takes away in orange; pale: it cannot be
# told from zero. Lines are intervals.
room = most > least ? most - least : 1
x_from = cut_axis ? least : least - (least < 0 ? 0.06 * room : 0)
x_to = most + 0.06 * room
if (x_to <= x_from) { x_to = x_from + 1 }
set xrange [x_from:x_to]
set xlabel x_label.(cut_axis ? ' (does not begin at 0)' : '') textcolor rgb grey
set xtics ()
step = tic_step(x_to - x_from, 6)
do for [i = int(ceil(x_from / step)):int(floor(x_to / step))] { set xtics add (tic_text(i * step, step) i * step) }

row_px = 460.0 / (rows + 0.4)
row_font = max(10, min(22, 0.4 * row_px))
set yrange [0.4:rows + 0.6]
set lmargin at screen 0.03 + label_columns * row_font * 0.62 / 1280
set rmargin at screen 0.97 - 15 * row_font * 0.62 / 1280
set grid noytics
set ytics () nomirror scale 0 font face.','.sprintf('%.1f', row_font) textcolor rgb ink
if (!cut_axis) { set arrow 1 from 0, graph 0 to 0, graph 1 nohead linewidth 2 linecolor rgb ink back }

color(kind, sure) = kind == 2 ? 0x66707a : kind > 0 ? (sure > 0 ? 0x0072b2 : 0x9cc6e0) : (sure > 0 ? 0xd55e00 : 0xf0bf99)
half = 0.32
from(start) = max(start, x_from)
plot file skip 1 using (from($2)):1:(from($2) < $3 ? from($2) : $3):(from($2) < $3 ? $3 : from($2)):($1 - half):($1 + half):(color($6, $7)):ytic(8) \
         with boxxyerror fillstyle solid noborder lc rgb variable notitle, \
     file skip 1 using ($1 > 1 ? $3 : NaN):($1 - half):(0):(-2 * (0.5 - half)) with vectors nohead lw 1.5 lc rgb grey notitle, \
     file skip 1 using (is_number($4) && is_number($5) ? max($4, x_from) : NaN):1:($5 - max($4, x_from)):(0) \
         with vectors heads size screen 0.005, 90 lw 2.5 lc rgb ink notitle, \
     file skip 1 using (x_to):1:9 with labels left offset screen 0.012, 0 font face.','.sprintf('%.1f', row_font) tc rgb ink notitle
