/** A text with {names} to fill in, or one per plural form, chosen by {count}. */
export type Message = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);

export type Catalogue<Key extends string> = Record<Key, Message>;
