# %% [markdown]
# # 4 · Bulletin
# Compose what leadership reads from the tables alone, check every quotation against the store, and write the pages,
# those of each audience too.

# %% tags=["parameters"]
watch_file = ""
week = ""
as_of = ""
run_folder = ""

# %%
from pathlib import Path

from veille import bulletin, edition

here = edition.open_session(watch_file, week, as_of, run_folder)
names = bulletin.find_names(here.watch, here.store, here.as_of, here.period)
bulletins = [
    bulletin.compose(here.watch, here.store, here.as_of, here.period, run_id=here.run_id, language=language)
    for language in here.watch.languages
]
bulletins[0].headline

# %%
folder = here.folder or Path("bulletin")
files = bulletin.write(bulletins, folder)
audiences = bulletin.write_audiences(here.watch, here.store, bulletins, folder)
done = sorted(path for path in (folder / "notebooks").glob("0[1-3]_*.ipynb"))
page = bulletin.annex(here.watch, here.store, here.as_of, here.period, done)
(folder / "annex.html").write_text(page, encoding="utf-8")
files + audiences.paths

# %%
no_data = bulletins[0].edition.status == "no_data"
rows = {"rows_in": len(bulletins[0].evidence), "rows_out": len(files) + len(audiences.paths)}
here.finish("bulletin", **rows, warnings=audiences.warnings, no_data=no_data)
