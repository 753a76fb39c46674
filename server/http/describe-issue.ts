import type { z } from 'zod';

type RawIssue = z.core.$ZodRawIssue;

/** What zod's words for types are called here. */
const kinds: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a JSON object',
  record: 'a JSON object',
};

/**
 * Zod's error map: says in words for people what is wrong with a value, to stand behind the name of its field.
 * Undefined leaves the word to zod; what a schema says itself comes before both.
 *
 * @example describeIssue({ code: 'too_small', origin: 'string', minimum: 1, … }) // 'must not be empty'
 */
export function describeIssue(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing';
      return kinds[issue.expected] && `must be ${kinds[issue.expected]}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    case 'unrecognized_keys':
      return `there is no field ${issue.keys.map(key => `"${key}"`).join(', ')}`;
    case 'too_small':
      return mustHave(issue.origin, 'at least', issue.inclusive === false, issue.minimum);
    case 'too_big':
      return mustHave(issue.origin, 'at most', issue.inclusive === false, issue.maximum);
    case 'invalid_union':
      return 'is not what can stand here';
    default:
      return undefined;
  }
}

function mustHave(
  origin: string,
  bound: 'at least' | 'at most',
  isExclusive: boolean,
  limit: number | bigint,
): string | undefined {
  const isMany = Number(limit) !== 1;
  if (origin === 'string' || origin === 'array') {
    if (bound === 'at least' && !isMany) return 'must not be empty';
    const [one, many] = origin === 'string' ? ['character', 'characters'] : ['entry', 'entries'];
    return `must have ${bound} ${limit} ${isMany ? many : one}`;
  }
  if (origin !== 'number' && origin !== 'int') return undefined;
  const exclusive = bound === 'at least' ? 'more than' : 'less than';
  return `must be ${isExclusive ? exclusive : bound} ${limit}`;
}

/** A sentence of what is wrong where: "document_ids/0: must be a number.", "The body must be a JSON object." */
export function toSentence(field: string, message: string): string {
  if (field !== '') return `${field}: ${message}.`;
  if (/^(?:must|is) /.test(message)) return `The body ${message}.`;
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}
