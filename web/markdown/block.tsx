import type { Token, Tokens } from 'marked';
import type { ReactNode } from 'react';
import { useText } from '../language/language-store.ts';
import { CodeBlock } from './code-block.tsx';
import { Inline } from './inline.tsx';
import styles from './markdown.module.css';
import { asMarked } from './split-blocks.ts';
import { withoutOccurrences } from './split-citations.ts';

/** A block of Markdown. Headings begin at the third level: each answer stands under one of the second. */
export function BlockContent({ token: anyToken }: { token: Token }): ReactNode {
  const token = asMarked(anyToken);
  switch (token.type) {
    case 'paragraph':
      return (
        <p>
          <Inline tokens={token.tokens} />
        </p>
      );
    case 'heading': {
      const Heading = token.depth <= 2 ? 'h3' : 'h4';
      return (
        <Heading>
          <Inline tokens={token.tokens} />
        </Heading>
      );
    }
    case 'list':
      return <List list={token} />;
    case 'code':
      return <CodeBlock code={withoutOccurrences(token.text)} language={token.lang ?? ''} />;
    case 'blockquote':
      return (
        <blockquote>
          <Blocks tokens={token.tokens} />
        </blockquote>
      );
    case 'table':
      return <Table table={token} />;
    case 'hr':
      return <hr />;
    case 'space':
    case 'def':
      return null;
    case 'html':
      return <p>{withoutOccurrences(token.text)}</p>;
    default:
      return <Inline tokens={[token]} />;
  }
}

function Blocks({ tokens }: { tokens: Token[] }): ReactNode {
  return tokens.map((token, at) => <BlockContent key={at} token={token} />);
}

function List({ list }: { list: Tokens.List }) {
  const items = list.items.map((item, at) => (
    <li key={at} data-task={item.task || undefined}>
      {item.task && <input type="checkbox" checked={item.checked ?? false} readOnly disabled aria-hidden />}
      <Blocks tokens={item.tokens} />
    </li>
  ));
  if (!list.ordered) return <ul>{items}</ul>;
  return <ol start={list.start === '' ? 1 : list.start}>{items}</ol>;
}

function Table({ table }: { table: Tokens.Table }) {
  const t = useText();
  const align = (at: number) => ({ textAlign: table.align[at] ?? ('start' as const) });
  return (
    <section className={styles.table} tabIndex={0} aria-label={t('markdown.table')}>
      <table>
        <thead>
          <tr>
            {table.header.map((cell, at) => (
              <th key={at} style={align(at)}>
                <Inline tokens={cell.tokens} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, line) => (
            <tr key={line}>
              {row.map((cell, at) => (
                <td key={at} style={align(at)}>
                  <Inline tokens={cell.tokens} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
