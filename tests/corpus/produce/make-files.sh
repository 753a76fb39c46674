#!/usr/bin/env bash
# Writes the corpus files that programs make. Usage: make-files.sh FOLDER PYTHON (one that has the packages of
# requirements.txt). Needs pandoc, soffice, chromium, pdflatex, groff, gs, qpdf, zip and 7z.
set -euo pipefail
out=$(realpath "$1") python=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$here"

"$python" make-office.py "$out"
"$python" make-pdf.py "$out"
"$python" make-mails.py "$out"

for kind in docx odt epub rtf pptx html; do
  pandoc --standalone handbook.md -o "$out/pandoc-handbook.$kind"
done

office() { # office FORMAT FILE NEW-NAME: LibreOffice saves FILE in another format.
  soffice --headless "-env:UserInstallation=file://$work/profile" --convert-to "$1" --outdir "$work" "$2" >/dev/null 2>&1
  local made=$(basename "${2%.*}").${1%%:*}
  mv "$work/$made" "$out/$3"
}
office odt:writer8 "$out/pandoc-handbook.docx" libreoffice-handbook.odt
office docx:"MS Word 2007 XML" "$out/pandoc-handbook.odt" libreoffice-handbook.docx
office rtf:"Rich Text Format" "$out/python-docx-tenancy.docx" libreoffice-tenancy.rtf
office pdf:writer_pdf_Export:'{"SelectPdfVersion":{"type":"long","value":"2"},"UseTaggedPDF":{"type":"boolean","value":"true"}}' "$out/python-docx-tenancy.docx" libreoffice-tenancy-pdfa.pdf
office html:"HTML (StarWriter)" "$out/python-docx-tenancy.docx" libreoffice-tenancy.html
office pptx:"Impress MS PowerPoint 2007 XML" "$out/python-pptx-orchard.pptx" libreoffice-orchard.pptx
office pdf:impress_pdf_Export "$out/python-pptx-orchard.pptx" libreoffice-orchard.pdf
office xlsx:"Calc MS Excel 2007 XML" "$out/xlsxwriter-budget.xlsx" libreoffice-budget.xlsx
office csv:"Text - txt - csv (StarCalc):59,34,ANSI,1,,0,false,true,false" "$out/xlsxwriter-budget.xlsx" libreoffice-budget-1252.csv
office csv:"Text - txt - csv (StarCalc):9,34,65535,1,,0,false,true,false" "$out/openpyxl-seeds.xlsx" libreoffice-seeds-utf16.csv

print_page() { chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer --print-to-pdf="$out/$2" "file://$here/$1" 2>/dev/null; }
print_page catalogue.html chromium-catalogue.pdf
print_page scripts.html chromium-scripts.pdf
print_page right-to-left.html chromium-right-to-left.pdf
# As "Save page as" writes it: where it comes from, then the page's elements as they are.
{ printf '<!-- saved from url=(0034)https://fennel.example/catalogue -->\n'
  chromium --headless --no-sandbox --disable-gpu --dump-dom "file://$here/catalogue.html" 2>/dev/null; } > "$out/chromium-saved-page.html"

pdflatex -output-directory "$work" journal.tex >/dev/null && pdflatex -output-directory "$work" journal.tex >/dev/null
mv "$work/journal.pdf" "$out/pdflatex-two-columns.pdf"
groff -t -ms -Tpdf manual.ms > "$out/groff-manual.pdf"
groff -t -ms -Tps manual.ms > "$work/manual.ps"
gs -q -dNOPAUSE -dBATCH -sDEVICE=pdfwrite -dCompatibilityLevel=1.4 -sOutputFile="$out/ghostscript-manual.pdf" "$work/manual.ps"
qpdf --linearize --object-streams=generate "$out/groff-manual.pdf" "$out/qpdf-linearised-object-streams.pdf"
qpdf --rotate=+90:1 "$out/reportlab-statement.pdf" "$out/qpdf-rotated-page.pdf"
qpdf --encrypt secret owner 256 -- "$out/reportlab-statement.pdf" "$out/qpdf-password.pdf"
qpdf --encrypt '' owner 256 --print=none -- "$out/reportlab-statement.pdf" "$out/qpdf-owner-password.pdf"
"$python" make-password-office.py "$out"

cp text-*.txt "$work" && cd "$work"
iconv -f UTF-8 -t WINDOWS-1252 text-german.txt > "$out/iconv-german-1252.txt"
iconv -f UTF-8 -t WINDOWS-1251 text-russian.txt > "$out/iconv-russian-1251.txt"
iconv -f UTF-8 -t SHIFT_JIS text-japanese.txt > "$out/iconv-japanese-shift-jis.txt"
iconv -f UTF-8 -t GB18030 text-chinese.txt > "$out/iconv-chinese-gb18030.txt"
{ printf '\xfe\xff'; iconv -f UTF-8 -t UTF-16BE text-german.txt; } > "$out/iconv-german-utf16be-bom.txt"
iconv -f UTF-8 -t UTF-16LE text-german.txt > "$out/iconv-german-utf16le.txt"
{ printf '\xef\xbb\xbf'; sed 's/$/\r/' text-german.txt; } > "$out/sed-german-utf8-bom-crlf.txt"

mkdir -p box/letters && cp text-german.txt box/letters/brief.txt && cp "$here/handbook.md" box/ && cp "$out/python-tides.json" box/ && cp "$out/pillow-scan.pdf" box/letters/
(cd box && zip -q -r - . | cat > "$out/info-zip-streamed.zip") # Sizes after the data: it can't go back in a pipe.
(cd box && 7z a -bd -mx=9 "$out/7z-box.zip" . >/dev/null)
"$python" -c '
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
    for name in ("handbook.md", "letters/brief.txt"):
        with archive.open(name, "w", force_zip64=True) as member: member.write(open("box/" + name, "rb").read())
' "$out/python-zip64.zip"
ls -l "$out"
