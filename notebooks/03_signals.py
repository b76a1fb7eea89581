# %% [markdown]
# # 3 · Signals
# What changes for the worse, how much it could matter, and who must know.

# %% tags=["parameters"]
watch_file = ""
week = ""
as_of = ""
run_folder = ""

# %%
from veille import edition, masking, signals

here = edition.open_session(watch_file, week, as_of, run_folder)
for period in here.weeks:
    result = signals.detect(here.watch, here.store, here.as_of, period)
result.verdict or f"{len(result.signals)} signals, level {result.level}, after {result.tested} tests"

# %%
columns = ["level", "level_reason", "score", "kind", "subject", "title", "stories", "publishers", "p_value"]
masking.mask_frame(result.signals[columns], here.terms)

# %%
masking.mask_frame(result.surges, here.terms)

# %%
here.finish("signals", rows_in=result.tested, rows_out=len(result.signals), warnings=result.warnings)
