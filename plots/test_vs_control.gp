# The average test and control store over time: thin the values, thick the level of each period.
x(text) = time_is_date ? strptime('%Y-%m-%d', text) : real(text)
half = time_step * (time_is_date ? 86400 : 1) / 2
x_from = x(time_first) - half
x_to = x(time_last) + half
inside(v) = clamp(v, x_from, x_to)
room = y_high > y_low ? y_high - y_low : 1
y_from = y_low - 0.06 * room
y_to = y_high + 0.06 * room
set xrange [x_from:x_to]
set yrange [y_from:y_to]
set tmargin at screen 0.765
set rmargin at screen 0.80
set label 4 y_label at screen 0.022, graph 0.5 center rotate by 90 textcolor rgb grey
set xlabel time_label textcolor rgb grey
set grid noxtics
set ytics tic_step(y_to - y_from, 7)

# dates: the shortest of the usual distances that gives at most nine labels
if (time_is_date) {
    days = (x_to - x_from) / 86400
    step = days <= 9 ? 1 : days <= 18 ? 2 : days <= 63 ? 7 : days <= 126 ? 14 : 0
    set xtics ()
    if (step > 0) {
        do for [i = 0:int(days / step)] {
            t = x(time_first) + i * step * 86400
            set xtics add (strftime('%d %b', t) t)
        }
        years = strftime('%Y', x(time_first))
        if (years ne strftime('%Y', x(time_last))) { years = years.' - '.strftime('%Y', x(time_last)) }
        set xlabel years
    } else {
        m_step = days <= 270 ? 1 : days <= 540 ? 2 : days <= 800 ? 3 : days <= 1600 ? 6 : 12 * ceil(days / 3200)
        m_first = tm_year(x_from) * 12 + tm_mon(x_from)
        m_last = tm_year(x_to) * 12 + tm_mon(x_to)
        do for [m = int(m_step) * int(ceil(m_first / m_step)):int(m_last):int(m_step)] {
            t = strptime('%Y-%m-%d', sprintf('%d-%d-1', m / 12, m % 12 + 1))
            if (t >= x_from && t <= x_to) { set xtics add (strftime(m_step % 12 == 0 ? '%Y' : '%b %Y', t) t) }
        }
    }
} else {
    if (x_to - x_from <= 14) { set xtics 1 }
}

# the periods
spans = 'before during after'
middle_of_promotion = (inside(x(during_first) - half) + inside(x(during_last) + half)) / 2
do for [i = 1:3] {
    span = word(spans, i)
    if (value(span.'_given')) {
        from = inside(x(value(span.'_first')) - half)
        to = inside(x(value(span.'_last')) + half)
        if (span eq 'during') { set object 1 rectangle from from, graph 0 to to, graph 1 fillcolor rgb shade fillstyle solid noborder behind }
        # the promotion always has its word; the others where it leaves room
        word_shown = span eq 'during' ? 'Promotion' : span eq 'before' ? 'Before' : 'After'
        far = abs((from + to) / 2 - middle_of_promotion) / (x_to - x_from)
        if (span eq 'during' || (far > 0.12 && to - from > 0.08 * (x_to - x_from))) {
            set label 10 + i word_shown at (from + to) / 2, graph 1.035 center textcolor rgb (span eq 'during' ? ink : grey)
        }
        test_level = value(span.'_test')
        control_level = value(span.'_control')
        if (is_number(control_level)) {
            set arrow 10 + i from from, control_level to to, control_level nohead linewidth 8 linecolor rgb '#9aa3ab' front
        }
        if (is_number(test_level)) {
            set arrow 20 + i from from, test_level to to, test_level nohead linewidth 4 linecolor rgb blue front
        }
    }
}

# the lines' names at their ends, kept apart
y_test = is_number(after_test) ? after_test : is_number(during_test) ? during_test : 100
y_control = is_number(after_control) ? after_control : is_number(during_control) ? during_control : 100
apart = 0.08 * (y_to - y_from)
if (abs(y_test - y_control) < apart) {
    middle = (y_test + y_control) / 2
    side = y_test >= y_control ? 0.5 : -0.5
    y_test = middle + side * apart
    y_control = middle - side * apart
}
set label 1 'Test stores' at graph 1.015, first y_test left font bold.',24' textcolor rgb blue
set label 2 'Control stores' at graph 1.015, first y_control left font bold.',24' textcolor rgb grey

bold_labels = bold_labels.' 1:24 2:24'

thin = points <= 60 ? 2.5 : 1.5
dot = points <= 60 ? 0.7 : 0
plot file skip 1 using (time_is_date ? timecolumn(1, '%Y-%m-%d') : $1):3 with linespoints pt 7 ps dot lw thin lc rgb '#a066707a' notitle, \
     file skip 1 using (time_is_date ? timecolumn(1, '%Y-%m-%d') : $1):2 with linespoints pt 7 ps dot lw thin lc rgb '#a00072b2' notitle
