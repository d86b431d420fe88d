"""Pages of frozen data sets, for the evaluator, and of printed rounds, for everybody."""
