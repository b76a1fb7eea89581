"""The pages of the spokesperson's desk as they are printed: the brief of an occasion, and situation reports."""

from veille.bulletin.sheets.brief import write_brief
from veille.bulletin.sheets.files import FOLDER, Written
from veille.bulletin.sheets.render import render_sheet
from veille.bulletin.sheets.sitrep import WrittenSitrep, write_sitrep
from veille.bulletin.sheets.types import Sheet

__all__ = ["FOLDER", "Sheet", "Written", "WrittenSitrep", "render_sheet", "write_brief", "write_sitrep"]
