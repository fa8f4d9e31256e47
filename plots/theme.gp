# SPDX-License-Identifier: GPL-3.0-or-later
# The look that all charts share: paper, type, colours, title. Sizes are pixels of a 1280 x 720 sheet.
set encoding utf8
set locale 'C'
set datafile separator "\t"
face = 'DejaVu Sans'
# gnuplot 5.4 draws no bold in an svg but by markup, which is off: there the weight rides on the name.
# bold_labels lists tag:size of the bold labels, for output.gp to name their font in cairo's way.
bold = face.'" font-weight="bold'
bold_labels = '101:32 102:32'
# colours of Okabe and Ito, told apart by colour-blind people too
ink = '#1f2428'
grey = '#66707a'
pale = '#dde1e5'
shade = '#eef3f8'
blue = '#0072b2'
orange = '#d55e00'
green = '#009e73'
amber = '#b87700'

set terminal svg size 1280,720 dynamic noenhanced name id font face.',21' background '#ffffff'
set output name.'.svg'
file = name.'.tsv'

unset key
set border 0
set tics nomirror scale 0 textcolor rgb grey
set grid xtics ytics back linetype 1 linewidth 1 linecolor rgb pale
set style fill solid noborder
set style textbox opaque noborder margins 1, 0.5
set tmargin at screen 0.79
set bmargin at screen 0.15
set lmargin at screen 0.10
set rmargin at screen 0.97

is_number(v) = v == v
min(a, b) = a < b ? a : b
max(a, b) = a > b ? a : b
clamp(v, low, high) = max(low, min(v, high))
# a distance of 1, 2 or 5 that parts `range` into at most `parts`, and a number at such a distance
power_of_ten(v) = 10 ** floor(log10(v))
round_up(digit) = digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10
tic_step(range, parts) = power_of_ten(range / parts) * round_up(range / parts / power_of_ten(range / parts) - 1e-9)
tic_text(v, step) = abs(v) < step / 2 ? '0' : step >= 1e9 ? sprintf('%gbn', v / 1e9) : step >= 1e6 ? sprintf('%gM', v / 1e6) : step >= 1e3 ? sprintf('%gk', v / 1e3) : sprintf('%.10g', v)

# The finding stands top left, on two lines where one does not hold it; below it what is shown.
title_columns = 64
cut = strlen(title)
if (cut > title_columns) {
    # after the middle, so that no single word is left for the second line
    middle = min(title_columns, cut / 2 + 6)
    cut = title_columns
    do for [i = 30:title_columns] { if (title[i:i] eq ' ' && (i <= middle || cut == title_columns)) { cut = i } }
}
two_lines = cut < strlen(title)
set label 101 title[1:cut] at screen 0.02, screen (two_lines ? 0.955 : 0.93) left font bold.',32' textcolor rgb ink
if (two_lines) { set label 102 title[cut + 1:*] at screen 0.02, screen 0.90 left font bold.',32' textcolor rgb ink }
set label 103 subtitle at screen 0.02, screen (two_lines ? 0.846 : 0.867) left font face.',21' textcolor rgb grey
# a lift on a scale of ratios: "300 %", and from tenfold on "x 10", which fewer people misread than "900 %"
ratio_text(step) = int(step) >= 900 ? sprintf('x %d', int(step) / 100 + 1) : step.' %%'
