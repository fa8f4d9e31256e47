# A line a pair from before to during; thick the mean. Ratios that spread wide go on a logarithmic scale.
# Lines whose levels differ much more than they change are shifted to one start, else none seems to move.
in_ratios = relative && (shifted ? change_most - change_least > log(3) : y_most > 3 * y_least)
at(v) = in_ratios ? log(v) : v
start(before) = shifted ? at(mean_before) : at(before)
end(before, during) = !shifted ? at(during) : relative ? at(mean_before * during / before) : mean_before + during - before
moved(change) = relative ? at(mean_before * exp(change)) : mean_before + change
least = shifted ? moved(min(change_least, 0)) : at(y_least)
most = shifted ? moved(max(change_most, 0)) : at(y_most)
room = most > least ? most - least : 1
y_from = least - 0.06 * room
y_to = most + 0.06 * room
set yrange [y_from:y_to]
set xrange [0.72:2.28]
set lmargin at screen 0.13
set rmargin at screen 0.80
set grid noxtics
set label 4 y_label at screen 0.022, graph 0.5 center rotate by 90 textcolor rgb grey
set xtics ("Before\n".before_span 1, "During\n".during_span 2) textcolor rgb ink
if (in_ratios) {
    set ytics ()
    set ytics add ('100 %%' log(100))
    do for [side = 0:1] {
        steps = side ? '90 80 70 60 50 40 30 20 10 5 2 1' : '110 125 150 175 200 250 300 400 500 750 1000 2000 5000 10000 100000'
        last = log(100)
        do for [step in steps] {
            if (abs(log(real(step)) - last) > 0.08 * (y_to - y_from)) {
                last = log(real(step))
                set ytics add (step.' %%' last)
            }
        }
    }
} else {
    set ytics ()
    step = tic_step(y_to - y_from, 7)
    do for [i = int(ceil(y_from / step)):int(floor(y_to / step))] {
        set ytics add (tic_text(i * step, step).(relative ? ' %%' : '') i * step)
    }
}

set arrow 1 from 1, at(mean_before) to 2, at(mean_during) nohead linewidth 7 linecolor rgb ink front
set label 1 mean_before_text at 0.975, at(mean_before) right font bold.',26' textcolor rgb ink front
set label 2 mean_during_text at 2.025, at(mean_during) left font bold.',26' textcolor rgb ink front
if (pairs_up > 0) { set label 3 sprintf('%d up', pairs_up) at screen 0.82, screen 0.745 left font bold.',24' textcolor rgb blue }
if (pairs_down > 0) { set label 6 sprintf('%d down', pairs_down) at screen 0.82, screen 0.69 left font bold.',24' textcolor rgb orange }
even = pairs - pairs_up - pairs_down
if (even > 0) { set label 5 sprintf('%d unchanged', even) at screen 0.82, screen 0.635 left font bold.',24' textcolor rgb grey }

bold_labels = bold_labels.' 1:26 2:26 3:24 5:24 6:24'

# the more lines, the thinner and the more transparent
alpha = pairs > 150 ? 0xb8000000 : pairs > 40 ? 0x90000000 : 0x60000000
thin = pairs > 150 ? 1 : pairs > 40 ? 1.5 : 2.5
color(direction) = alpha + (direction > 0 ? 0x0072b2 : direction < 0 ? 0xd55e00 : 0x66707a)
plot file skip 1 using (1):(start($1)):(1):(end($1, $2) - start($1)):(color($3)) with vectors nohead lw thin lc rgb variable notitle
