import { z } from 'zod';
import { check, tokenAccount } from './chat.ts';
import { id, offset } from './scalars.ts';
import { scoreParts } from './search.ts';

/** Why something that was found is not in the prompt. */
const leftOutReasons = [
  'beyond_top_k',
  'under_min_similarity',
  'near_duplicate',
  'over_excerpt_budget',
  'over_token_budget',
  'no_evidence',
] as const;

const leftOut = z
  .enum(leftOutReasons)
  .nullable()
  .describe(
    'beyond_top_k: further down the list than was looked at. under_min_similarity: shares no word with the question ' +
      'and is not near enough. near_duplicate: says what a better passage says. over_excerpt_budget: the room for ' +
      'excerpts was full. over_token_budget: the token budget for documents was full. no_evidence: nothing that was ' +
      'found is evidence, and the model is shown none of it.',
  );

const candidate = z.object({
  passage_id: id,
  version: id,
  score: z.number(),
  scores: scoreParts,
  chosen: z.boolean().describe('In an excerpt that the answer was written from.'),
  left_out: leftOut,
  passage: z
    .object({
      document_id: id,
      filename: z.string(),
      title: z.string().nullable(),
      start: offset,
      end: offset,
      text: z.string().describe('The document’s text from start to end, to the letter.'),
    })
    .nullable()
    .describe('Null when it is there no more: its document was replaced or deleted since.'),
});

const excerpt = z.object({
  document_id: id,
  version: id,
  start: offset,
  end: offset,
  passage_ids: z.array(id),
  source: z
    .number()
    .int()
    .positive()
    .nullable()
    .describe('Its number among the sources; null when left out.'),
  left_out: leftOut,
});

const query = z.object({
  rewritten: z.string().nullable().describe('What the language model made of a follow-up question.'),
  texts: z
    .array(z.object({ text: z.string(), weight: z.number() }))
    .describe('Whose words were searched: the question, then those before it.'),
  embedded: z.array(z.string()).describe('The vector is the mean of these texts’.'),
});

/** How the retriever was set. */
const limits = z.object({
  top_k: z.number().int(),
  min_similarity: z.number(),
  excerpt_characters: z.number().int().describe('UTF-16 units.'),
});

const promptMessage = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string(),
  message_id: id
    .nullable()
    .describe('The message of the session that it is; null for what was made for this prompt.'),
});

const evidence = z.object({
  probability: z.number().describe('That something found answers the question, 0 to 1.'),
  verdict: z
    .enum(['missing', 'thin', 'doubtful', 'good'])
    .describe('missing: nothing can carry an answer. thin: probably nothing does.'),
  signs: z.record(z.string(), z.number()).describe('What it was judged by (docs/quotes.md).'),
});

const languageModel = z.object({
  name: z.string(),
  host: z.string().nullable().describe('Which server answered; null when none did.'),
  temperature: z.number(),
  max_tokens: z.number().int(),
});

const checkedCitation = z.object({
  number: z.number().int().positive().describe('The source.'),
  passage_id: id.describe('The best passage of the source.'),
  answer_start: offset,
  answer_end: offset,
  claim: z.string().describe('What was compared: the stretch of the answer without its markers.'),
  document_id: id,
  start: offset.nullable().describe('The quote in the document; null when the source has no sentence.'),
  end: offset.nullable(),
  coverage: z.number().describe('How much of the claim the quote says, 0 to 1, rare words counting more.'),
  missing_numbers: z.number().int().describe('Numbers and codes of the claim that the quote does not have.'),
  opposite: z.boolean().describe('The quote says the opposite.'),
  cosine: z
    .number()
    .nullable()
    .describe('Of claim and quote; null when words alone decided, or the embedding came too late.'),
  verdict: z
    .enum(['verified', 'verified_by_embedding', 'missing_number', 'opposite', 'too_little', 'no_sentence'])
    .describe('The first two are verified; the others say why not (docs/citations.md).'),
});

const uncitedSentence = z.object({
  answer_start: offset,
  answer_end: offset,
  number: z.number().int().positive().describe('The source that says most of it.'),
  passage_id: id,
  document_id: id,
  start: offset.describe('The place in the document.'),
  end: offset,
  coverage: z.number(),
  missing_numbers: z.number().int(),
  opposite: z.boolean(),
  supported: z.boolean().describe('By words alone, as a citation would be verified.'),
});

/** How an answer came about: each part is null, or empty, as far as the answer did not get there. */
export const answerTrace = z
  .object({
    message_id: id,
    state: z.string().describe('As in the message.'),
    finish_reason: z.string().nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    question: z.string(),
    query: query.nullable().describe('What was searched for.'),
    limits: limits.nullable(),
    cached: z.boolean().describe('Found for the same question a little earlier.'),
    reranked: z.boolean(),
    searched_documents: z.number().int().nullable(),
    candidates: z.array(candidate).describe('The best of what was found, best first.'),
    excerpts: z.array(excerpt).describe('What was chosen to write from, best first.'),
    evidence: evidence.nullable().describe('Whether what was found carries an answer.'),
    citations: z
      .array(checkedCitation)
      .describe('How each claim was compared with the source that it cites, at most 200, in their order.'),
    uncited: z
      .array(uncitedSentence)
      .describe(
        'Sentences that a language model wrote without citing anything, the first 40, each with the place of a source that ' +
          'says most of it. Looked for when the trace is read.',
      ),
    check: check.nullable().describe('As in the stream.'),
    prompt: z
      .array(promptMessage)
      .nullable()
      .describe('As it was sent; null when no language model was asked.'),
    language_model: languageModel.nullable().describe('What was asked for; null when none was asked.'),
    usage: z
      .looseObject({
        prompt_tokens: z.number().int(),
        completion_tokens: z.number().int(),
        estimated: z.boolean(),
        budget: tokenAccount,
      })
      .nullable()
      .describe('As in the stream, with the token account: what each part got and what was left out.'),
    timings: z
      .record(z.string(), z.number())
      .describe('Milliseconds from the question to each stage, to the first content and to the end.'),
    steps: z
      .record(z.string(), z.number())
      .describe('Milliseconds that single steps took; some ran side by side.'),
  })
  .meta({ id: 'AnswerTrace' });
export type CheckedCitation = z.infer<typeof checkedCitation>;
export type AnswerTrace = z.infer<typeof answerTrace>;
