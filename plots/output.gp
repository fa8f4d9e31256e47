# The same chart once more, as a bitmap; cairo counts in points, 0.75 of a pixel.
do for [entry in bold_labels] {
    colon = strstrt(entry, ':')
    set label 0 + int(entry[1:colon - 1]) font face.':Bold,'.entry[colon + 1:*]
}
set terminal pngcairo size 1280,720 noenhanced font face.',21' fontscale 0.75 background '#ffffff'
set output name.'.png'
replot
unset output
