import { memo, useRef } from 'react';
import remend from 'remend';
import { BlockContent } from './block.tsx';
import styles from './markdown.module.css';
import { type Block, createBlockSplitter } from './split-blocks.ts';
import { numberOccurrences } from './split-citations.ts';

type Props = { text: string; isStreaming: boolean };

/** An answer's Markdown. A block that has not changed is not rendered anew while the next ones stream in. */
export const Markdown = memo(function Markdown({ text, isStreaming }: Props) {
  const splitter = useRef<ReturnType<typeof createBlockSplitter>>(null);
  splitter.current ??= createBlockSplitter();
  // What is still open, as bold text that has not ended, is shown as if it ended here.
  const blocks = splitter.current(numberOccurrences(isStreaming ? remend(text) : text));
  return (
    <div className={styles.markdown} data-streaming={isStreaming || undefined}>
      {blocks.map((block, at) => (
        <MemoBlock key={at} block={block} />
      ))}
    </div>
  );
});

const MemoBlock = memo(
  ({ block }: { block: Block }) => <BlockContent token={block.token} />,
  (before, after) => before.block.raw === after.block.raw,
);
