# The same chart once more, as a bitmap; cairo counts in points, 0.75 of a pixel.
set terminal pngcairo size 1280,720 noenhanced font face.',21' fontscale 0.75 background '#ffffff'
set output name.'.png'
replot
unset output
