import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';

type Fields = Record<string, string>;

/** A form whose fields are sent by their names, empty ones left out. */
export function useForm<Answer>(
  submit: (fields: Fields) => Promise<Answer>,
  onDone: (answer: Answer) => void = () => {},
) {
  const { mutate, isPending, error, data } = useMutation({ mutationFn: submit, onSuccess: onDone });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields: Fields = {};
    for (const [name, value] of new FormData(form))
      if (typeof value === 'string' && value !== '') fields[name] = value;
    mutate(fields, { onSuccess: () => form.reset() });
  };
  return { onSubmit, isPending, error, data };
}
