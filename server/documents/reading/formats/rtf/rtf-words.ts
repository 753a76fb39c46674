/** Where a group's text goes. */
export type Destination = 'body' | 'nowhere' | 'title' | 'marker' | 'fonts' | 'styles';

const written: Record<string, Destination> = {
  fonttbl: 'fonts',
  stylesheet: 'styles',
  title: 'title',
  listtext: 'marker',
  pntext: 'marker',
  // The text of a box, within the description of its shape.
  shptxt: 'body',
};

/** Descriptions, pictures, and what is not part of the text as it is read. */
const passedOver = new Set(
  (
    'colortbl info pict object objdata fldinst datafield header headerl headerr headerf footer footerl footerr ' +
    'footerf listtable listoverridetable rsidtbl revtbl filetbl themedata colorschememapping latentstyles datastore ' +
    'xmlnstbl wgrffmtfilter generator bkmkstart bkmkend annotation atnid atnauthor tc tcn xe mmathPr nonshppict ' +
    'shpinst author operator company subject keywords doccomm comment pn pnseclvl'
  ).split(' '),
);

/** Where the text of a group goes that begins with this word; undefined when the word begins none. */
export const destinationOf = (word: string): Destination | undefined =>
  written[word] ?? (passedOver.has(word) ? 'nowhere' : undefined);

const characters: Record<string, string> = {
  tab: '\t',
  line: '\n',
  lbr: '\n',
  emdash: '—',
  endash: '–',
  emspace: ' ',
  enspace: ' ',
  qmspace: ' ',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '•',
  nestcell: ' ',
  nestrow: ' ',
  '~': '\u00A0',
  _: '\u2011',
  '\\': '\\',
  '{': '{',
  '}': '}',
};

/** The character that a control word stands for. */
export const characterOf = (word: string): string | undefined => characters[word];
