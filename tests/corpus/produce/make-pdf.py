"""Writes the corpus's PDFs that Python's packages make. Usage: make-pdf.py FOLDER; sources lie beside this file."""
import sys
from pathlib import Path

import fpdf
import weasyprint
from PIL import Image, ImageDraw
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import ListFlowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

out, here = Path(sys.argv[1]), Path(__file__).parent


def invoice():
    styles = getSampleStyleSheet()
    furniture = lambda canvas, document: (
        canvas.drawString(72, 810, 'Fen Electric Cooperative'),
        canvas.drawRightString(523, 30, f'Page {document.page} of 3'),
    )
    rows = lambda month: [['Day', 'Reading', 'kWh']] + [[f'{day} {month}', str(40_000 + 17 * day), str(17 + day % 5)] for day in (1, 8, 15, 22)]
    grid = TableStyle([('GRID', (0, 0), (-1, -1), 0.5, colors.grey), ('FONTNAME', (0, 0), (-1, 0), 'Helvetica-Bold')])
    story = []
    for month, remark in [
        ('January', 'The meter in Mill Lane 3 was changed on 9 January; the old one showed 39,981 kWh.'),
        ('February', 'In February the tariff rose from 28 to 31 cents per kilowatt hour for all members of the cooperative.'),
        ('March', 'The final sum of 214.70 euros is due on 15 April. Objections are possible for six weeks.'),
    ]:
        story += [
            Paragraph(f'Statement for {month}', styles['Heading1']),
            Paragraph(remark, styles['BodyText']),
            Spacer(1, 12),
            Table(rows(month), style=grid),
            Spacer(1, 12),
            ListFlowable([Paragraph(text, styles['BodyText']) for text in (f'{month} was read by remote control.', 'No fault was reported.')], bulletType='bullet'),
            PageBreak(),
        ]
    SimpleDocTemplate(str(out / 'reportlab-statement.pdf'), pagesize=A4, title='Statement 2026').build(story, onFirstPage=furniture, onLaterPages=furniture)


def timetable():
    pdf = fpdf.FPDF(orientation='landscape', format='A4')
    pdf.set_title('Ferry timetable')
    pdf.add_font('DejaVu', fname='/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf')
    pdf.add_font('DejaVu', style='B', fname='/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf')
    pdf.add_page()
    pdf.set_font('DejaVu', size=20)
    pdf.cell(text='Rozkład promów – Żółta Wyspa', new_x='LMARGIN', new_y='NEXT')
    pdf.set_font('DejaVu', size=11)
    pdf.multi_cell(0, text='Prom pływa codziennie od 1 kwietnia do 31 października. Bilet kosztuje 12 zł, dzieci do lat siedmiu płyną bezpłatnie.', new_x='LMARGIN', new_y='NEXT')
    pdf.ln(4)
    with pdf.table() as table:
        for cells in [('Odjazd', 'Przyjazd', 'Uwagi'), ('7:15', '7:50', 'tylko w dni robocze'), ('11:40', '12:15', 'codziennie'), ('18:05', '18:40', 'z rowerami')]:
            row = table.row()
            for text in cells:
                row.cell(text)
    pdf.output(str(out / 'fpdf2-timetable.pdf'))


def scan():
    page = Image.new('L', (620, 877), 255)
    draw = ImageDraw.Draw(page)
    for line in range(24):
        draw.text((60, 60 + 30 * line), f'Line {line + 1} of a letter that only a picture shows.', fill=0)
    page.convert('1').save(out / 'pillow-scan.pdf', resolution=75)


invoice()
timetable()
scan()
weasyprint.HTML(here / 'catalogue.html').write_pdf(out / 'weasyprint-catalogue.pdf')
