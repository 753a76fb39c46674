import type { Embedder } from '../../embedding/embedder.ts';
import { defaultWeights } from '../../retrieval/fuse-scores.ts';
import type { Retrieval } from '../../retrieval/retriever.ts';
import type { AnswerMaterial } from '../answering/answer-graph.ts';
import { isSource } from '../quoting/is-source.ts';
import { rankSentences, type SentenceRanking } from '../quoting/rank-sentences.ts';
import { evidenceSigns } from './evidence-signs.ts';
import { type Evidence, judgeEvidence } from './judge-evidence.ts';

type Found = Pick<Retrieval, 'excerpts' | 'questionEmbedding'>;

/**
 * The found sentences by how well they answer, and whether they do.
 *
 * @param embedder embeds the likely sentences; undefined: words and passages must do, which takes no time.
 */
export async function weighEvidence(
  question: string,
  { excerpts, questionEmbedding }: Found,
  embedder: Embedder | undefined,
): Promise<{ ranking: SentenceRanking; evidence: Evidence }> {
  const embed = embedder && ((texts: string[]) => embedder.embedPassages(texts, { urgent: true }));
  const ranking = await rankSentences({ question, questionEmbedding, excerpts, embed });
  const language = ranking.ranked[0]?.sentence.passage.language ?? 'en';
  const evidence = judgeEvidence(evidenceSigns(question, ranking), {
    isRead: defaultWeights.modelLanguages.includes(language),
    isEmbedded: embed !== undefined,
  });
  return { ranking, evidence };
}

/** The excerpts that are sources of the answer. */
export const foundIn = (retrieval: Retrieval, { sources }: Pick<AnswerMaterial, 'sources'>): Found => ({
  questionEmbedding: retrieval.questionEmbedding,
  excerpts: retrieval.excerpts.filter(excerpt => isSource(excerpt, sources)),
});
