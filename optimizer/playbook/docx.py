"""DOCX with real styles, headings and repeating table heads. The one door to python-docx for writing."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from .archive import settled
from .blocks import Block, Bullets, Facts, Heading, NewPage, Picture, Table, Text
from .document import lay_out
from .extras import needed
from .json_file import as_json
from .pdf import png
from .record import Playbook

PART = "/customXml/item9.xml"
LINE_CM = 17.0  # A4 less two margins of 2 cm
BLUE = "1F4E79"
FONT = "Arial"  # or what stands in for it: as narrow, so that dates fit their columns


def docx(playbook: Playbook) -> bytes:
    """The whole document, with the record inside it so that edits can be found."""
    module = needed("docx", "DOCX")
    needed("typst", "pictures in DOCX")
    made, document = module.Document(), lay_out(playbook)
    _styles(made)
    _frame(made, playbook, document.banner, document.foot)
    for block in document.blocks:
        _draw(made, block)
    _keep(made, playbook)
    out = io.BytesIO()
    made.save(out)
    return settled(out.getvalue(), playbook.about.as_of)


def _styles(made: Any) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    for name, size in (
        ("Normal", 9.5),
        ("List Bullet", 9.5),
        ("Title", 20),
        ("Heading 1", 15),
        ("Heading 2", 12),
        ("Heading 3", 11),
        ("Caption", 9),
    ):
        style = made.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
            style.element.get_or_add_rPr().get_or_add_rFonts().set(_qn(f"w:{kind}"), FONT)
            style.element.rPr.rFonts.attrib.pop(_qn(f"w:{kind}Theme"), None)
        style.paragraph_format.space_after = Pt(2 if name == "List Bullet" else 4)
        style.paragraph_format.space_before = Pt(
            {"Heading 1": 12, "Heading 2": 7, "Heading 3": 6, "Caption": 6}.get(name, 0)
        )
        if name != "Normal" and name != "List Bullet":
            style.font.color.rgb = RGBColor.from_string(BLUE if name != "Caption" else "595959")
    for name, points, bold in (
        ("Lead", 11.5, True),
        ("Small", 8.5, False),
        ("Cell", 7.5, False),
        ("Cell Head", 7.5, True),
        ("Banner", 9, True),
    ):
        style = made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = made.styles["Normal"]
        style.font.size, style.font.bold = Pt(points), bold
        style.paragraph_format.space_after = Pt(0 if name.startswith("Cell") else 4)
    made.styles["Banner"].font.color.rgb = RGBColor.from_string("8A1F1F")


def _qn(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(name))


def _frame(made: Any, playbook: Playbook, banner: str, foot: str) -> None:
    """Page, running lines and the file's own particulars."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    head, tail = section.header.paragraphs[0], section.footer.paragraphs[0]
    head.text, head.style, head.alignment = banner, made.styles["Banner"], WD_ALIGN_PARAGRAPH.CENTER
    tail.text, tail.style = f"{foot} \u00b7 ", made.styles["Small"]
    _page_number(tail)
    if banner:
        below = section.footer.add_paragraph(banner, style="Banner")
        below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    about, props = playbook.about, made.core_properties
    props.title, props.author, props.subject, props.comments, props.keywords = (
        about.title[:250],
        "Ohrid",
        about.subtitle,
        "",
        "playbook",
    )
    props.language, props.last_modified_by, props.revision = "en", "Ohrid", 1
    props.created = props.modified = datetime(about.as_of.year, about.as_of.month, about.as_of.day)


def _page_number(paragraph: Any) -> None:
    from docx.oxml import OxmlElement

    field = OxmlElement("w:fldSimple")
    field.set(_qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _draw(made: Any, block: Block) -> None:
    match block:
        case Heading(text, 0):
            made.add_paragraph(text, style="Title")
        case Heading(text, level):
            made.add_heading(text, level)
        case Text(text, look):
            style = {"lead": "Lead", "small": "Small", "label": "Small", "intro": "Small"}.get(look, "Normal")
            made.add_paragraph(text, style=style).paragraph_format.keep_with_next = True if look == "intro" else None
        case Bullets(items):
            for item in items:
                made.add_paragraph(item, style="List Bullet")
        case Facts(items):
            _facts(made, items)
        case Picture():
            _picture(made, block)
        case Table():
            _table(made, block)
        case NewPage():
            _new_page(made)


def _new_page(made: Any) -> None:
    from docx.enum.text import WD_BREAK

    made.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)


def _facts(made: Any, items: tuple[tuple[str, str, str], ...]) -> None:
    made_table = made.add_table(rows=1, cols=len(items))
    for cell, (label, value, more) in zip(made_table.rows[0].cells, items, strict=True):
        cell.paragraphs[0].text, cell.paragraphs[0].style = label, made.styles["Cell"]
        cell.add_paragraph(value, style="Lead")
        cell.add_paragraph(more, style="Cell")
        _shade(cell, "EEF3F8")


def _shade(cell: Any, colour: str) -> None:
    cell._tc.get_or_add_tcPr().append(_element("w:shd", val="clear", color="auto", fill=colour))


def _picture(made: Any, block: Picture) -> None:
    from docx.shared import Cm

    made.add_paragraph(block.caption, style="Caption").paragraph_format.keep_with_next = True
    shape = made.add_picture(
        io.BytesIO(png(block)), width=Cm(LINE_CM if block.height < 900 else LINE_CM * 900 / block.height)
    )
    shape._inline.docPr.set("descr", block.alt)
    shape._inline.docPr.set("title", block.caption)


def _table(made: Any, block: Table) -> None:
    """A table whose head comes again on every page, and whose rows do not part where they fit on one."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    caption = made.add_paragraph(block.caption, style="Caption")
    caption.paragraph_format.keep_with_next = True
    drawn = made.add_table(rows=1 + len(block.rows), cols=len(block.head), style="Table Grid")
    drawn.autofit = False
    _narrow(drawn)
    rows = drawn._tbl.tr_lst
    for column, width in zip(drawn.columns, block.widths, strict=True):
        column.width = Cm(LINE_CM * width)
    for at, (row, cells) in enumerate(zip(rows, (block.head, *block.rows), strict=True)):
        marks = row.get_or_add_trPr()
        if sum(map(len, cells)) < 1500:
            marks.append(OxmlElement("w:cantSplit"))
        if at == 0:
            marks.append(OxmlElement("w:tblHeader"))
        for k, (tc, text) in enumerate(zip(row.tc_lst, cells, strict=True)):
            tc.width = Cm(LINE_CM * block.widths[k])
            paragraph = _first_paragraph(tc, made)
            tc.p_lst[0].style = "CellHead" if at == 0 else "Cell"  # by id: by name takes a search through all styles
            paragraph.text = text
            if k in block.numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if at == 0:
                _shade_tc(tc, "E3EBF3")
    made.add_paragraph("", style="Cell")


def _narrow(drawn: Any) -> None:
    """Thin grey lines around the cells of a table, and small margins inside them."""
    lines, margins = _element("w:tblBorders"), _element("w:tblCellMar")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        lines.append(_element(f"w:{side}", val="single", sz="4", space="0", color="B8C4D0"))
    for side, width in (("top", "20"), ("left", "45"), ("bottom", "20"), ("right", "45")):
        margins.append(_element(f"w:{side}", w=width, type="dxa"))
    properties = drawn._tbl.tblPr
    properties.insert_element_before(lines, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    properties.insert_element_before(margins, "w:tblLook")


def _element(name: str, **marks: str) -> Any:
    from docx.oxml import OxmlElement

    made = OxmlElement(name)
    for key, value in marks.items():
        made.set(_qn(f"w:{key}"), value)
    return made


def _first_paragraph(tc: Any, made: Any) -> Any:
    from docx.text.paragraph import Paragraph

    return Paragraph(tc.p_lst[0], made)


def _shade_tc(tc: Any, colour: str) -> None:
    from types import SimpleNamespace

    _shade(SimpleNamespace(_tc=tc), colour)


def _keep(made: Any, playbook: Playbook) -> None:
    """The record as a part of the file: word processors keep it, and nobody sees it on paper."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from lxml import etree  # type: ignore[import-untyped]

    root = etree.Element("{urn:ohrid:playbook}playbook", nsmap={None: "urn:ohrid:playbook"})
    root.text = as_json(playbook).decode()
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    part = Part(PackURI(PART), "application/xml", content, made.part.package)
    made.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)
