# SPDX-License-Identifier: GPL-3.0-or-later
"""Exact mean and standard deviation of the NIST StRD univariate sets as a computer holds them.

The certified values belong to the decimal data. Where the decimals are not doubles (NumAcc3, NumAcc4) the
standard deviation of the doubles is another number, and an algorithm can only be asked for that one.
Prints the table of tests/unit/stats/test_moments.c. Usage: moments.py SHARED/data/nist
"""
import sys
from decimal import Decimal, getcontext
from fractions import Fraction
from pathlib import Path

getcontext().prec = 60
for name in "Lew Lottery Mavro Michelso NumAcc1 NumAcc2 NumAcc3 NumAcc4 PiDigits".split():
    lines = Path(sys.argv[1], f"univ_{name}.csv").read_text().split()
    x = [Fraction(float(v)) for v in lines if v.lstrip("-").replace(".", "", 1).isdigit()]
    mean = sum(x) / len(x)
    variance = sum((v - mean) ** 2 for v in x) / (len(x) - 1)
    sd = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
    print(f'    {{"{name}", {len(x)}, {float(mean)!r}, {float(sd)!r}}},')
