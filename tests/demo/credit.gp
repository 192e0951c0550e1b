# SPDX-License-Identifier: GPL-2.0
#
# Credit over time against the NIC's rate. Called by run with the variables
#   ours, intree	sample files: seconds free posted held bytes
#   mbit		the NIC's rate
#   frame		what was sent
# Colours are told apart by people who see them differently; lines differ in
# dash too.

set terminal svg size 960,720 dynamic background '#ffffff' font 'sans-serif,13'
set output output
set multiplot layout 2,1 title sprintf('A guest floods a NIC of %g Mbit/s through a bridge: %s', mbit, frame)

set xlabel 'seconds'
set ylabel 'slots'
set y2label 'share of the NIC''s rate, percent'
set xrange [0:seconds]
set yrange [0:270]
set y2range [0:135]
set ytics nomirror 0,64,256
set y2tics 0,25,100
set key outside right center
set grid ytics lc rgb '#dddddd'

# Percent of the rate between two samples, smoothed over five.
rate(t, b) = (dt = t - told, db = b - bold, told = t, bold = b, \
	x = dt > 0 ? db * 8e-4 / dt / mbit : 0, m = 0.7 * m + 0.3 * x, m)

do for [side in 'ours intree'] {
	file = side eq 'ours' ? ours : intree
	note = side eq 'ours' ? ours_note : intree_note
	set title (side eq 'ours' ? 'xennet: ' : 'in-tree: ') . note
	told = 0; bold = 0; m = 0
	plot file using 1:2 with lines lw 2 lc rgb '#0072b2' title 'free', \
	     file using 1:3 with lines lw 2 dt 3 lc rgb '#e69f00' title 'posted', \
	     file using 1:4 with lines lw 2 lc rgb '#d55e00' title 'held', \
	     file using 1:($0 == 0 ? (told = $1, bold = $5, NaN) : rate($1, $5)) \
		axes x1y2 with lines lw 2 dt 2 lc rgb '#009e73' title 'NIC''s rate'
}
unset multiplot
