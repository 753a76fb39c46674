import { Annotation, END, type LangGraphRunnableConfig, START, StateGraph } from '@langchain/langgraph';
import type { Source } from '../../contract/chat.ts';
import type { Db } from '../database/open-database.ts';
import type { Retrieval, Retriever } from '../retrieval/retriever.ts';
import { readTurns, type Turn } from '../sessions/message-store.ts';
import type { AnswerRequest, GraphEvent } from './answer-request.ts';
import { buildContext, type Context, type TokenBudget } from './build-context.ts';
import { listSources } from './list-sources.ts';

/** What an answer is written from. */
export type AnswerMaterial = {
  request: AnswerRequest;
  retrieval: Retrieval;
  context: Context;
  sources: Source[];
  signal: AbortSignal;
};

/** Writes an answer: by a language model (write-with-model.ts) or by quoting (write-quotes.ts). */
export type AnswerWriter = {
  /** Shown as the answer's author. */
  readonly name: string;
  /** Shows the nearest passages also when none is near enough to be evidence. */
  readonly showsNearest: boolean;
  write(material: AnswerMaterial): AsyncIterable<GraphEvent>;
};

type Parts = { db: Db; retriever: Retriever; budget: TokenBudget; writer: AnswerWriter };

const AnswerState = Annotation.Root({
  request: Annotation<AnswerRequest>,
  retrieval: Annotation<Retrieval>,
  turns: Annotation<Turn[]>,
  context: Annotation<Context>,
  sources: Annotation<Source[]>,
});
type State = typeof AnswerState.State;

/** The question's path: retrieve -> build context -> generate. Streams GraphEvents (`streamMode: 'custom'`). */
export function createAnswerGraph(parts: Parts) {
  return new StateGraph(AnswerState)
    .addNode('retrieve', (state: State, config) => retrieve(parts, state, emitter(config)))
    .addNode('build-context', (state: State, config) => chooseContext(parts, state, emitter(config)))
    .addNode('generate', (state: State, config) => generate(parts, state, config))
    .addEdge(START, 'retrieve')
    .addEdge('retrieve', 'build-context')
    .addEdge('build-context', 'generate')
    .addEdge('generate', END)
    .compile();
}

export type AnswerGraph = ReturnType<typeof createAnswerGraph>;

type Emit = (event: GraphEvent) => void;

async function retrieve({ db, retriever }: Parts, { request }: State, emit: Emit): Promise<Partial<State>> {
  emit({ type: 'stage', stage: 'searching' });
  const { workspaceId, sessionId, userMessageId, question, documentIds, scope } = request;
  const [retrieval, turns] = await Promise.all([
    retriever.retrieve({ workspaceId, question, documentIds, scope }),
    readTurns(db, { workspaceId, sessionId, before: userMessageId }),
  ]);
  return { retrieval, turns };
}

async function chooseContext({ budget, writer }: Parts, state: State, emit: Emit): Promise<Partial<State>> {
  const { passages, nearest, searchedDocuments } = state.retrieval;
  emit({ type: 'stage', stage: 'reading', documents: searchedDocuments, passages: passages.length });
  const candidates = listSources(passages.length === 0 && writer.showsNearest ? nearest : passages);
  const context = buildContext({
    budget,
    question: state.request.question,
    turns: state.turns,
    chunks: candidates.map(({ source, chunk }) => ({
      chunkId: source.chunk_id,
      filename: source.filename,
      ...chunk,
    })),
  });
  // Numbered again: what the budget left out is no source.
  const sources = context.chunks.flatMap(({ chunkId }, index) =>
    candidates
      .filter(({ source }) => source.chunk_id === chunkId)
      .map(({ source }) => ({ ...source, number: index + 1 })),
  );
  emit({ type: 'sources', sources });
  return { context, sources };
}

async function generate(
  { writer }: Parts,
  state: State,
  config: LangGraphRunnableConfig,
): Promise<Partial<State>> {
  const emit = emitter(config);
  emit({ type: 'stage', stage: 'writing' });
  const signal = config.signal ?? new AbortController().signal;
  for await (const event of writer.write({ ...state, signal })) emit(event);
  return {};
}

function emitter(config: LangGraphRunnableConfig): Emit {
  const { writer } = config;
  if (!writer) throw new Error("the answer graph must be streamed with streamMode 'custom'");
  return event => writer(event);
}
