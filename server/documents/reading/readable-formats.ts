import type { Format } from './format.ts';

/** A kind of file that is read. */
export type ReadableFormat = {
  format: Format;
  mediaType: string;
  /** With the dot, in lower case. */
  endings: string[];
};

const endings = (list: string) => list.split(' ').map(ending => `.${ending}`);

/** Languages that people and machines write for other programs; each is read as it stands. */
const sourceCode =
  'ts tsx mts cts js jsx mjs cjs vue svelte py pyi pyx ipy rb php pl pm lua r jl go rs java kt kts scala groovy ' +
  'gradle clj cljs cljc edn c h cc cpp cxx hh hpp hxx inl ino m mm cs csx fs fsx fsi vb vbs bas swift dart zig nim ' +
  'd hs lhs elm ml mli ex exs erl hrl lisp cl el scm rkt asm s f f77 f90 f95 for pas pp ada adb ads cob cbl sol v ' +
  'vhd vhdl sv tcl awk sed sh bash zsh fish ksh ps1 psm1 psd1 bat cmd sql psql plsql graphql gql proto thrift ' +
  'css scss sass less styl xml xsd xsl xslt svg rss atom wsdl plist kml gpx yaml yml toml ini cfg conf config ' +
  'properties env editorconfig tf tfvars hcl nix cmake mk mak bazel bzl dockerfile jsonc json5 diff patch ' +
  'hbs mustache ejs jinja j2 twig erb haml pug liquid cypher prisma gd glsl hlsl wgsl frag vert bib bst cls sty';

export const readableFormats: ReadableFormat[] = [
  {
    format: 'text',
    mediaType: 'text/plain',
    endings: endings('txt text log rst adoc asciidoc tex latex org textile wiki srt vtt sub nfo me'),
  },
  { format: 'markdown', mediaType: 'text/markdown', endings: endings('md markdown mdown mkd mdx qmd rmd') },
  { format: 'html', mediaType: 'text/html', endings: endings('html htm') },
  { format: 'html', mediaType: 'application/xhtml+xml', endings: endings('xhtml xht') },
  { format: 'csv', mediaType: 'text/csv', endings: endings('csv') },
  { format: 'csv', mediaType: 'text/tab-separated-values', endings: endings('tsv tab') },
  { format: 'json', mediaType: 'application/json', endings: endings('json geojson webmanifest') },
  { format: 'json', mediaType: 'application/jsonl', endings: endings('jsonl ndjson') },
  { format: 'source-code', mediaType: 'text/plain', endings: endings(sourceCode) },
  { format: 'rtf', mediaType: 'application/rtf', endings: endings('rtf') },
  { format: 'eml', mediaType: 'message/rfc822', endings: endings('eml') },
  { format: 'pdf', mediaType: 'application/pdf', endings: endings('pdf') },
  {
    format: 'docx',
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    endings: endings('docx docm'),
  },
  {
    format: 'pptx',
    mediaType: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    endings: endings('pptx pptm'),
  },
  {
    format: 'xlsx',
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    endings: endings('xlsx xlsm'),
  },
  { format: 'odt', mediaType: 'application/vnd.oasis.opendocument.text', endings: endings('odt') },
  { format: 'epub', mediaType: 'application/epub+zip', endings: endings('epub') },
  { format: 'zip', mediaType: 'application/zip', endings: endings('zip') },
];

/** Files that are known by their whole name. */
export const readableNames: { format: Format; mediaType: string; names: RegExp }[] = [
  {
    format: 'text',
    mediaType: 'text/plain',
    names: /^(?:readme|licen[cs]e|copying|notice|authors|contributors|changelog|changes|news|todo|install)$/,
  },
  {
    format: 'source-code',
    mediaType: 'text/plain',
    names:
      /^(?:(?:gnu)?makefile|dockerfile|containerfile|vagrantfile|jenkinsfile|procfile|gemfile|rakefile|brewfile|justfile|codeowners|\.(?:gitignore|gitattributes|dockerignore|editorconfig|npmrc|bashrc|zshrc|profile))$/,
  },
];
