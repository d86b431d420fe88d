"""Survey statistics: counts in, shares, intervals, bounds and disclosed tables out.

Pure: no Django, no clock, no database of its own. Texts are made elsewhere; what a result has to
say it says as a `Remark` (a code with parameters).
"""
