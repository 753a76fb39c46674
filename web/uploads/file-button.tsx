import { type ReactNode, useRef } from 'react';
import { meant } from './dropped-files.ts';

type Props = {
  label: string;
  onFiles: (files: File[]) => void;
  /** Whole folders instead of files. */
  isFolder?: boolean;
  isSingle?: boolean;
  /** Draws what is clicked. */
  children: (choose: () => void) => ReactNode;
};

/** Opens the browser's choice of files. */
export function FileButton({ label, onFiles, isFolder = false, isSingle = false, children }: Props) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        multiple={!isSingle}
        {...(isFolder && { webkitdirectory: '' })}
        onChange={({ currentTarget }) => {
          onFiles(meant([...(currentTarget.files ?? [])]));
          currentTarget.value = ''; // The same file can be chosen again.
        }}
      />
      {children(() => input.current?.click())}
    </>
  );
}
