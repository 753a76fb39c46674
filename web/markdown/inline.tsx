import type { Token } from 'marked';
import type { ReactNode } from 'react';
import { CitationNumber } from '../sources/citation-number.tsx';
import { decodeEntities } from './decode-entities.ts';
import { asMarked } from './split-blocks.ts';
import { splitCitations, withoutOccurrences } from './split-citations.ts';

/** Text within a block. HTML is shown as text, images as their description: an answer can load nothing. */
export function Inline({ tokens }: { tokens: Token[] | undefined }): ReactNode {
  return tokens?.map((token, at) => <InlineToken key={at} token={token} />);
}

function InlineToken({ token: anyToken }: { token: Token }): ReactNode {
  const token = asMarked(anyToken);
  switch (token.type) {
    case 'text':
      return 'tokens' in token && token.tokens ? (
        <Inline tokens={token.tokens} />
      ) : (
        <PlainText text={decodeEntities(token.text)} />
      );
    case 'strong':
      return (
        <strong>
          <Inline tokens={token.tokens} />
        </strong>
      );
    case 'em':
      return (
        <em>
          <Inline tokens={token.tokens} />
        </em>
      );
    case 'del':
      return (
        <del>
          <Inline tokens={token.tokens} />
        </del>
      );
    case 'codespan':
      return <code>{withoutOccurrences(token.text)}</code>;
    case 'br':
      return <br />;
    case 'link':
      return <Link href={token.href} raw={token.raw} tokens={token.tokens} />;
    case 'image':
      return <em>{withoutOccurrences(token.text)}</em>;
    case 'checkbox':
      return null; // The list item shows it.
    default:
      return withoutOccurrences('text' in token ? token.text : token.raw);
  }
}

function PlainText({ text }: { text: string }): ReactNode {
  return splitCitations(text).map((part, at) =>
    'number' in part ? (
      <CitationNumber key={at} number={part.number} occurrence={part.occurrence} />
    ) : (
      part.text
    ),
  );
}

function Link({ href, raw, tokens }: { href: string; raw: string; tokens: Token[] }) {
  // A document that defines "[1]: address" must not turn citations into links.
  const citation = /^\[(\d{1,2})\u2063(\d+)\]$/.exec(raw);
  if (citation) return <CitationNumber number={Number(citation[1])} occurrence={Number(citation[2])} />;
  if (!/^(https?:|mailto:)/i.test(href)) return <Inline tokens={tokens} />;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      <Inline tokens={tokens} />
    </a>
  );
}
