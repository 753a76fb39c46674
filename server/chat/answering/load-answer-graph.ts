import type { AnswerGraph, AnswerGraphParts } from './answer-graph.ts';

/** @returns the graph, loaded when it is first asked for: LangGraph is several hundred modules. */
export function createGraphLoader(parts: AnswerGraphParts): () => Promise<AnswerGraph> {
  let loading: Promise<AnswerGraph> | undefined;
  const load = async () => {
    const { createAnswerGraph } = await import('./answer-graph.ts');
    return createAnswerGraph(parts);
  };
  return () => {
    loading ??= load().catch(error => {
      // Tried again by the next question.
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
