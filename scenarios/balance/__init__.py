"""Questions of a municipality: rounds of the same people under changed conditions, set side by side.

Every sort of scenario here makes a few *steps* (:mod:`scenarios.balance.steps`), each a whole plan of the core, judged
like any other. Their figures land in one row as ``step.MEASURE.NAME``, in the order of the steps.
"""
