"""Report blocks become a web page fragment, an accessible PDF, a Word file and a workbook.

Pure: nothing here knows Django, a database or a clock. See `blocks` for what goes in.
"""
