const languages = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'sv', 'da', 'pl', 'ru', 'tr'];

type MonthNames = {
  /** 1 to 12 by the month's name, long or short, as it stands in dates of these languages. */
  months: ReadonlyMap<string, number>;
  /** Any of them, the longest first. */
  pattern: string;
};

let names: MonthNames | undefined;

/** Read with the first answer: 24 calendars are 25 ms, which a start need not wait for. */
export function monthNames(): MonthNames {
  names ??= readNames();
  return names;
}

function readNames(): MonthNames {
  const months = new Map<string, number>([['sept', 9], ...languages.flatMap(monthsOf)]);
  return { months, pattern: [...months.keys()].sort((a, b) => b.length - a.length).join('|') };
}

function monthsOf(language: string): [string, number][] {
  return (['long', 'short'] as const).flatMap(style => {
    const format = new Intl.DateTimeFormat(language, { day: 'numeric', month: style, timeZone: 'UTC' });
    return Array.from({ length: 12 }, (_, month): [string, number] => {
      const part = format.formatToParts(Date.UTC(2023, month, 17)).find(({ type }) => type === 'month');
      return [part?.value.toLowerCase().replace(/\.$/, '') ?? '', month + 1];
    }).filter(([name]) => /^\p{L}{3,}$/u.test(name));
  });
}

export function readMonth(name: string): number | undefined {
  return monthNames().months.get(name.toLowerCase());
}
