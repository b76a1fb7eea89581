# %% [markdown]
# # Respond
# What the public asks, what may be answered alone, a draft checked before it is posted, and the brief of an occasion.
# Nothing is ever posted from here. Empty parameters mean: the watch of this folder, as of now.

# %% tags=["parameters"]
watch_file = ""
week = ""
as_of = ""
run_folder = ""
draft = ""
replied = ""
occasion = ""

# %%
import pandas

from veille import edition, workbook
from veille.bulletin import sheets

pandas.set_option("display.max_colwidth", 240)
here = edition.open_session(watch_file, week, as_of, run_folder)

# %% [markdown]
# ## What is asked
# The most asked first, and whether an approved message answers it: `answered`, `expired`, `not_public`, `unanswered`.

# %%
workbook.public_questions(here.watch, here.store, here.as_of, here.period)

# %% [markdown]
# ## What may be answered alone
# By the level of what a reply is about.

# %%
workbook.autonomy(here.watch, here.as_of)

# %% [markdown]
# ## A draft, before it is posted
# What it replies to, the draft, and what is found: may go, ask somebody, or do not post.

# %%
workbook.Responder(here.watch, here.store, here.as_of, draft, replied)

# %% [markdown]
# ## The brief
# One page for an occasion, such as `occasion = "plateau 18 nov."`; it is written among the reports.

# %%
written = sheets.write_brief(here.watch, here.store, here.as_of, occasion=occasion)
written.file

# %%
workbook.page(written.file)
