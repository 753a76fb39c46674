import type { ErrorCode } from '../../contract/errors.ts';

/** A text with {names} to fill in, or one per plural form, chosen by {count}. */
export type Message = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);

/** What errors of the API mean. In English the server says it itself, and with more detail. */
export type ErrorTexts = Record<ErrorCode, string>;

export type Catalogue<Key extends string> = Record<Key, Message>;
