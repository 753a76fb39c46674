"""Writes the corpus files that Python's packages make. Usage: make-office.py FOLDER"""
import datetime
import json
import sys
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import docx
from docx.enum.text import WD_BREAK
import ebooklib.epub
import odf.opendocument
import odf.style
import odf.table
import odf.text
import openpyxl
import pptx
import pptx.util
import xlsxwriter

out = Path(sys.argv[1])
day = datetime.datetime(2026, 3, 14, 9, 30, tzinfo=datetime.timezone.utc)


def contract_docx():
    document = docx.Document()
    document.core_properties.title = 'Tenancy Agreement, Quay Street 7'
    document.sections[0].header.paragraphs[0].text = 'Confidential draft'
    document.sections[0].footer.paragraphs[0].text = 'Quay Street Housing, page 1'
    document.add_heading('Tenancy Agreement', 0)
    document.add_paragraph('between Quay Street Housing Ltd (the landlord) and Mr Osei Mensah (the tenant).')
    document.add_heading('1. The flat', 1)
    paragraph = document.add_paragraph('The flat on the third floor has ')
    paragraph.add_run('64 square metres').bold = True
    paragraph.add_run(', two rooms, a kitchen and a bath. It is handed over on ')
    paragraph.add_run('1 May 2026').italic = True
    paragraph.add_run('.')
    document.add_heading('2. Rent', 1)
    document.add_paragraph('The rent is due on the third working day of the month.')
    table = document.add_table(rows=1, cols=3, style='Table Grid')
    for cell, text in zip(table.rows[0].cells, ['Item', 'Per month', 'Remark']):
        cell.text = text
        cell.paragraphs[0].runs[0].bold = True
    for row in [['Rent', '812.00', 'fixed for two years'], ['Heating', '95.50', 'settled each July'], ['Bicycle cellar', '8.00', '']]:
        for cell, text in zip(table.add_row().cells, row):
            cell.text = text
    document.add_heading('2.1 Late payment', 2)
    document.add_paragraph('After ten days the landlord may charge 15 euros for a reminder.')
    document.add_heading('3. Duties of the tenant', 1)
    for text in ['airs the rooms every day,', 'clears the pavement of snow in odd weeks,', 'reports damage at once.']:
        document.add_paragraph(text, style='List Bullet')
    document.add_paragraph('In this order the keys are given back:')
    for text in ['Front door', 'Letter box', 'Cellar']:
        document.add_paragraph(text, style='List Number')
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    document.add_heading('4. Ending', 1)
    document.add_paragraph('Either side may end the agreement with three months’ notice. “In writing” means on paper — an e-mail is not enough.')
    document.save(out / 'python-docx-tenancy.docx')


def minutes_odt():
    document = odf.opendocument.OpenDocumentText()
    headings = {}
    for level in (1, 2):
        style = odf.style.Style(name=f'Heading {level}', family='paragraph')
        document.styles.addElement(style)
        headings[level] = style
    heading = lambda level, text: document.text.addElement(odf.text.H(outlinelevel=level, stylename=headings[level], text=text))
    paragraph = lambda text: document.text.addElement(odf.text.P(text=text))
    heading(1, 'Minutes of the Choir Assembly')
    paragraph('Held on 12 February 2026 in the parish hall; 31 members were present.')
    heading(2, 'Decisions')
    items = odf.text.List()
    for text in ['The summer concert is on 20 June.', 'Rehearsals move to Thursdays, 19:30.', 'The subscription stays at 45 euros.']:
        item = odf.text.ListItem()
        item.addElement(odf.text.P(text=text))
        items.addElement(item)
    document.text.addElement(items)
    heading(2, 'Votes')
    table = odf.table.Table(name='Votes')
    for cells in [['Motion', 'For', 'Against'], ['New robes', '9', '22'], ['Trip to Bergen', '27', '4']]:
        row = odf.table.TableRow()
        for text in cells:
            cell = odf.table.TableCell()
            cell.addElement(odf.text.P(text=text))
            row.addElement(cell)
        table.addElement(row)
    document.text.addElement(table)
    paragraph('The chair, Ingrid Solheim, closed the assembly at 21:10.')
    document.save(out / 'odfpy-minutes.odt')


def novel_epub():
    book = ebooklib.epub.EpubBook()
    book.set_identifier('corpus-novel')
    book.set_title('The Lighthouse Ledger')
    book.set_language('en')
    book.add_author('A. Nobody')
    chapters = []
    for number, (title, body) in enumerate([
        ('The Keeper', '<p>Old Tamsin kept the light at Carrow Point for forty-one years. Every night she wrote one line into the ledger.</p><p>On the night of the great storm she wrote nothing at all.</p>'),
        ('The Ledger', '<p>Her nephew found the ledger in a tin box. The first page read:</p><blockquote><p>Lamp lit at six. Wind north-west. Nobody came.</p></blockquote><p>He counted 14,973 lines.</p>'),
        ('The Boat', '<p>In spring a boat was found, the <em>Patience</em>, with a lamp still burning.</p><hr/><p>That was the end of the silence.</p>'),
    ], 1):
        chapter = ebooklib.epub.EpubHtml(title=title, file_name=f'chapter-{number}.xhtml', lang='en')
        chapter.content = f'<h1>{title}</h1>{body}'
        book.add_item(chapter)
        chapters.append(chapter)
    book.toc = chapters
    book.add_item(ebooklib.epub.EpubNcx())
    book.add_item(ebooklib.epub.EpubNav())
    book.spine = ['nav', *chapters]
    ebooklib.epub.write_epub(out / 'ebooklib-novel.epub', book)


def report_pptx():
    deck = pptx.Presentation()
    deck.core_properties.title = 'Orchard Report 2025'
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    slide.shapes.title.text = 'Orchard Report 2025'
    slide.placeholders[1].text = 'Cooperative of the Upper Valley'
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = 'Harvest'
    frame = slide.placeholders[1].text_frame
    frame.text = 'Apples: 412 tonnes, 6 % more than in 2024'
    for text, level in [('Cox: 130 tonnes', 1), ('Boskoop: 95 tonnes', 1), ('Pears: 58 tonnes, hail in May', 0)]:
        paragraph = frame.add_paragraph()
        paragraph.text, paragraph.level = text, level
    slide.notes_slide.notes_text_frame.text = 'Mention that the hail insurance paid 18,400 euros.'
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = 'Prices per kilogram'
    cells = slide.shapes.add_table(3, 3, pptx.util.Inches(1), pptx.util.Inches(2), pptx.util.Inches(6), pptx.util.Inches(1)).table
    for r, row in enumerate([['Fruit', 'Class I', 'Juice'], ['Apple', '0.92', '0.11'], ['Pear', '1.30', '0.14']]):
        for c, text in enumerate(row):
            cells.cell(r, c).text = text
    box = slide.shapes.add_textbox(pptx.util.Inches(1), pptx.util.Inches(5), pptx.util.Inches(6), pptx.util.Inches(1))
    box.text_frame.text = 'Source: own scales'
    deck.save(out / 'python-pptx-orchard.pptx')


def stock_xlsx():
    book = openpyxl.Workbook()
    book.properties.title = 'Seed stock'
    sheet = book.active
    sheet.title = 'Stock'
    sheet.append(['Variety', 'Packed on', 'Grams', 'Germination', 'Organic'])
    for row in [
        ['Tomato Matina', datetime.date(2026, 1, 9), 250, 0.93, True],
        ['Kale Halbhoher', datetime.date(2025, 11, 21), 1200.5, 0.88, True],
        ['Bean Neckargold', datetime.date(2025, 10, 2), 5400, 0.97, False],
    ]:
        sheet.append(row)
    for row in sheet.iter_rows(min_row=2, min_col=4, max_col=4):
        row[0].number_format = '0%'
    notes = book.create_sheet('Notes')
    notes['A1'] = 'Counted by Pilar on 14 March; the cold room stays at 8 °C.'
    hidden = book.create_sheet('Scratch')
    hidden.sheet_state = 'hidden'
    hidden['A1'] = 'not for readers'
    book.save(out / 'openpyxl-seeds.xlsx')


def budget_xlsx():
    book = xlsxwriter.Workbook(out / 'xlsxwriter-budget.xlsx')
    money = book.add_format({'num_format': '#,##0.00 "EUR"'})
    day_format = book.add_format({'num_format': 'dd.mm.yyyy'})
    bold = book.add_format({'bold': True})
    sheet = book.add_worksheet('Budget 2026')
    sheet.merge_range('A1:D1', 'Village Hall, Budget 2026', bold)
    sheet.write_row('A3', ['Item', 'Due', 'Amount', 'Paid'], bold)
    for index, (item, due, amount, paid) in enumerate([
        ('Roof repair', datetime.date(2026, 4, 30), 18250, 'no'),
        ('Electricity', datetime.date(2026, 2, 15), 2310.4, 'yes'),
        ('Chairs (60)', datetime.date(2026, 6, 1), 3480, 'no'),
    ]):
        sheet.write(3 + index, 0, item)
        sheet.write_datetime(3 + index, 1, datetime.datetime.combine(due, datetime.time()), day_format)
        sheet.write_number(3 + index, 2, amount, money)
        sheet.write(3 + index, 3, paid)
    sheet.write('A7', 'Sum', bold)
    sheet.write_formula('C7', '=SUM(C4:C6)', money, 24040.4)
    rich = book.add_worksheet('Remarks')
    rich.write_rich_string('A1', 'The ', bold, 'roof', ' comes first')
    rich.write_url('A2', 'https://hall.example/plan', string='Plan of the hall')
    rich.write_comment('A1', 'a remark in a bubble')
    book.close()


def mails():
    mail = EmailMessage()
    mail['From'] = 'Jürgen Größler <juergen@werft.example>'
    mail['To'] = 'Amélie Dubois <amelie@phare.example>'
    mail['Subject'] = 'Angebot für die Überholung der „Möwe“ – Frist bis 30. April'
    mail['Date'] = format_datetime(day)
    mail.set_content('Liebe Amélie,\n\nanbei das Angebot: 7.850 € für Rumpf und Ruder.\n\nBeste Grüße\nJürgen\n')
    mail.add_alternative('<html><body><p>Liebe Amélie,</p><p>anbei das Angebot: <b>7.850 €</b> für Rumpf und Ruder.</p><p>Beste Grüße<br>Jürgen</p></body></html>', subtype='html')
    mail.add_attachment('Position;Preis\nRumpf;5200\nRuder;2650\n'.encode(), maintype='text', subtype='csv', filename='Angebot Möwe.csv')
    (out / 'python-email-offer.eml').write_bytes(bytes(mail))


def records():
    rows = [{'station': 'Carrow', 'year': 2020 + n, 'rain_mm': 800 + 13 * n, 'remarks': ['gauge cleaned', f'visit {n}']} for n in range(5)]
    (out / 'python-rain.jsonl').write_text(''.join(json.dumps(row) + '\n' for row in rows))
    settings = {'name': 'tide-clock', 'version': '2.4.1', 'ports': {'Carrow': {'offset_minutes': -12, 'datum': 'LAT'}, 'Ness': {'offset_minutes': 34, 'datum': 'LAT'}}, 'maintainers': [{'name': 'Noor', 'since': 2021}, {'name': 'Pål', 'since': 2024}]}
    (out / 'python-tides.json').write_text(json.dumps(settings, indent=2, ensure_ascii=True))


for write in (contract_docx, minutes_odt, novel_epub, report_pptx, stock_xlsx, budget_xlsx, mails, records):
    write()
