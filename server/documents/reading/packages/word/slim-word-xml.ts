/**
 * Takes out of a part what only says how text looks (fonts, sizes, languages, colours, revision numbers): often most
 * of it, and mammoth builds a tree of everything before it leaves it out.
 */
export function slimWordXml(xml: string): string {
  return xml
    .replace(/ w:rsid\w*="[^"<>]*"/g, '')
    .replace(
      /<w:(?:rFonts|sz|szCs|lang|color|kern|spacing|ind|jc|noProof|proofErr|lastRenderedPageBreak|bookmarkStart|bookmarkEnd|shd|tcW|tcMar|vAlign|iCs|bCs|keepNext|keepLines|widowControl)(?: [^<>]*)?\/>/g,
      '',
    )
    .replace(/<w:(rPr|tcPr)><\/w:\1>/g, '');
}
