import { TextInput, type TextInputProps } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

/** Long enough that a word is not looked for letter by letter. */
const TYPING_MS = 250;

type Props = Omit<TextInputProps, 'value' | 'onChange'> & {
  /** As the address has it. */
  value: string;
  onChange: (value: string) => void;
};

/** What is typed is shown at once, and looked for when the typing rests. */
export function TypedField({ value, onChange, ...look }: Props) {
  const [typed, setTyped] = useState(value);
  const told = useRef(value);
  useEffect(() => {
    // The address was changed by something else, such as the browser's way back.
    if (value !== told.current) setTyped(value);
    told.current = value;
  }, [value]);
  const tell = useDebouncedCallback((next: string) => {
    told.current = next;
    onChange(next);
  }, TYPING_MS);
  return (
    <TextInput
      {...look}
      value={typed}
      onChange={({ currentTarget: { value: next } }) => {
        setTyped(next);
        tell(next);
      }}
    />
  );
}
