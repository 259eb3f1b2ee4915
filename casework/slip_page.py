"""A slip's page: the label to cut off above, the note for the inside below."""

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING

from reportlab.graphics.barcode import createBarcodeDrawing
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Frame, HRFlowable, KeepInFrame, Paragraph, Spacer, Table

from .typefaces import BOLD, REGULAR, has_ideographs, marked_up, register
from .words import Words

if TYPE_CHECKING:
    from .slips import Slip

MARGIN = 16 * mm
LABEL_HEIGHT = 108 * mm
QR_SIDE = 34 * mm
NOTE_LINE = 8.5 * mm

_PLAIN = ParagraphStyle("plain", fontName=REGULAR, fontSize=10, leading=13)
_SMALL = ParagraphStyle("small", parent=_PLAIN, fontSize=8.5, leading=11)
_HEADING = ParagraphStyle("heading", parent=_PLAIN, fontName=BOLD, fontSize=11, leading=14, spaceBefore=7, spaceAfter=2)
_DUE = ParagraphStyle("due", parent=_PLAIN, fontName=BOLD)
_ADDRESS = ParagraphStyle("address", parent=_PLAIN, fontSize=14, leading=18)
_BULLET = ParagraphStyle("bullet", parent=_PLAIN, leftIndent=10, bulletIndent=0)


def drawn(slip: "Slip", words: Words, *, title: str, subject: str, language: str) -> bytes:
    """The page as a PDF: A4, or US Letter where the shop's country prints on it."""
    register()
    width, height = LETTER if slip.letter_paper else A4
    file = BytesIO()
    # Invariant: no time and no random id in the file, so that the same slip is the same bytes.
    canvas = Canvas(file, (width, height), invariant=1, pageCompression=1, lang=language)
    canvas.setTitle(title)
    canvas.setSubject(subject)
    canvas.setAuthor(slip.shop)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    cut = height - MARGIN - LABEL_HEIGHT
    _draw_label(canvas, slip, words, width, cut)
    _draw_cut(canvas, words, width, cut)
    _fill(canvas, MARGIN, MARGIN, width - 2 * MARGIN, cut - MARGIN - 8 * mm, _inside(slip, words))
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _draw_label(canvas: Canvas, slip: "Slip", words: Words, width: float, bottom: float) -> None:
    """ST-M4: the number, as large as the page is wide, the address, and the number again for scanners."""
    inner, top = width - 2 * MARGIN, bottom + LABEL_HEIGHT
    _fill(canvas, MARGIN, top - 6 * mm, inner, 6 * mm, [Paragraph(words("slip_outside"), _SMALL)])
    size = inner / stringWidth(slip.number, BOLD, 1)
    canvas.setFont(BOLD, size)
    canvas.drawString(MARGIN, top - 8 * mm - size * 0.75, slip.number)
    below = top - 12 * mm - size * 0.75
    address_width = inner - QR_SIDE - 6 * mm
    _fill(canvas, MARGIN, bottom + 26 * mm, address_width, below - bottom - 26 * mm, _address(slip, words))
    bars = createBarcodeDrawing("Code128", value=slip.number, barHeight=18 * mm, barWidth=0.42 * mm, quiet=True)
    bars.drawOn(canvas, MARGIN, bottom + 4 * mm)
    qr = _qr_code(slip.number)
    qr.drawOn(canvas, width - MARGIN - QR_SIDE, below - QR_SIDE)


def _qr_code(number: str) -> Drawing:
    # Level M still reads where a seventh of it is torn or under tape.
    return createBarcodeDrawing("QR", value=number, width=QR_SIDE, height=QR_SIDE, barLevel="M", barBorder=4)


def _draw_cut(canvas: Canvas, words: Words, width: float, at: float) -> None:
    canvas.saveState()
    canvas.setDash(4, 3)
    canvas.setStrokeColor(black)
    canvas.line(0, at, width, at)
    canvas.restoreState()
    _fill(canvas, MARGIN, at - 7 * mm, width - 2 * MARGIN, 6 * mm, [Paragraph(words("slip_cut_here"), _SMALL)])


def _address(slip: "Slip", words: Words) -> list[Flowable]:
    if not slip.address:
        return [_paragraph(words("slip_ask_for_address", shop=slip.shop), slip.country, _PLAIN)]
    return [
        Paragraph(words("slip_to"), _SMALL),
        *(_paragraph(each, slip.country, _ADDRESS) for each in slip.address),
    ]


def _inside(slip: "Slip", words: Words) -> list[Flowable]:
    told = {"number": slip.number, "shop": slip.shop, "order": slip.order, "item": slip.item}
    facts = [(words(f"slip_{name}"), _paragraph(value, slip.country, _PLAIN)) for name, value in told.items()]
    parts: list[Flowable] = [
        Paragraph(words("slip_inside"), _SMALL),
        _rows([*facts, (words("slip_send_back_by"), _paragraph(slip.return_by, slip.country, _DUE))]),
        Paragraph(words("slip_put_in"), _HEADING),
        *_bullets(slip.put_in, slip.country),
    ]
    if slip.sending:
        parts += [Paragraph(words("slip_sending"), _HEADING), *_bullets(slip.sending, slip.country)]
    return [*parts, Paragraph(words("slip_note"), _HEADING), *_note(slip, words)]


def _note(slip: "Slip", words: Words) -> list[Flowable]:
    """AS-P2: name, address, contact, fault, wishes.

    Name, address and contact stay blank though the order holds them: the page is behind a link that may be
    passed on, it lies about in printers, and the writer may well send from another address than they ordered to.
    Why it comes back and what was agreed are the RMA's own, and say nothing of a person.
    """
    lines = [
        (words("slip_note_name"), "", 1),
        (words("slip_note_address"), "", 2),
        (words("slip_note_contact"), "", 1),
        (words("slip_note_fault"), slip.reason, 2),
        (words("slip_note_wishes"), slip.wishes, 1),
    ]
    return [_rows((name, _lines_to_write_on(told, count)) for name, told, count in lines)]


def _lines_to_write_on(told: str, count: int) -> list[Flowable]:
    first: list[Flowable] = [Paragraph(told, _PLAIN)] if told else [Spacer(1, NOTE_LINE - 4)]
    rule = HRFlowable(width="100%", thickness=0.5, color=black, spaceBefore=1, spaceAfter=1)
    more: list[Flowable] = []
    for _ in range(count - 1):
        more += [Spacer(1, NOTE_LINE - 2), HRFlowable(width="100%", thickness=0.5, color=black, spaceAfter=1)]
    return [*first, rule, *more]


def _rows(rows: Iterable[tuple[str, Flowable | list[Flowable]]]) -> Table:
    cells = [[Paragraph(name, _SMALL), value] for name, value in rows]
    style = [
        *[("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, -1), 0)],
        *[("TOPPADDING", (0, 0), (-1, -1), 1), ("BOTTOMPADDING", (0, 0), (-1, -1), 2)],
    ]
    return Table(cells, colWidths=(34 * mm, None), style=style, hAlign="LEFT")


def _bullets(sentences: Iterable[str], country: str) -> list[Flowable]:
    return [_paragraph(sentence, country, _BULLET, bullet="•") for sentence in sentences]


def _paragraph(text: str, country: str, style: ParagraphStyle, bullet: str | None = None) -> Paragraph:
    if has_ideographs(text):
        style = ParagraphStyle(f"{style.name}-cjk", parent=style, wordWrap="CJK")
    return Paragraph(marked_up(text, country), style, bulletText=bullet)


def _fill(canvas: Canvas, left: float, bottom: float, width: float, height: float, parts: list[Flowable]) -> None:
    """Draw `parts` into the box from its top; what would not fit is drawn smaller, so one page stays one page."""
    frame = Frame(left, bottom, width, height, 0, 0, 0, 0)
    frame.addFromList([KeepInFrame(width, height, parts, mode="shrink")], canvas)
