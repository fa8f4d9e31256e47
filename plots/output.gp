unset output
# the same once more as a bitmap
if (picture eq 'svg') {
    picture = 'png'
    load name.'.gp'
}
undefine picture
