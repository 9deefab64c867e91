"""One-off meetings of several people on one time axis: when and where, judged by twelve rules."""
