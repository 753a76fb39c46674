import { Annotation, END, type LangGraphRunnableConfig, START, StateGraph } from '@langchain/langgraph';
import type { Source } from '../../../contract/chat.ts';
import { forWorkspace } from '../../database/isolation/for-workspace.ts';
import type { Db } from '../../database/open-database.ts';
import type { Retrieval, Retriever } from '../../retrieval/retriever.ts';
import { type StepTimes, timeStep } from '../../retrieval/step-times.ts';
import { type History, readHistory, type Turn } from '../../sessions/branches/read-history.ts';
import { buildContext, type Context, type TokenBudget } from '../context/build-context.ts';
import { listSources } from '../context/list-sources.ts';
import { traceChoice, traceRetrieval } from '../tracing/trace-retrieval.ts';
import type { AnswerRequest, GraphEvent } from './answer-request.ts';
import { HandedOver } from './handed-over.ts';

/** What an answer is written from. */
export type AnswerMaterial = {
  request: AnswerRequest;
  /** To be taken before the writing, which may last. */
  retrieval: HandedOver<Retrieval>;
  context: Context;
  sources: Source[];
  signal: AbortSignal;
};

/** Writes an answer: by a language model (write-with-model.ts) or by quoting (quoting/write-quotes.ts). */
export type AnswerWriter = {
  /** Shown as the answer's author. */
  readonly name: string;
  /** Shows the nearest passages also when none is near enough to be evidence. */
  readonly showsNearest: boolean;
  write(material: AnswerMaterial): AsyncIterable<GraphEvent>;
};

export type AnswerGraphParts = {
  db: Db;
  retriever: Retriever;
  budget: TokenBudget;
  writer: AnswerWriter;
  /** Makes a follow-up question one that stands alone; undefined when it can't, or when that is switched off. */
  rewrite:
    | ((request: AnswerRequest, turns: Turn[], signal: AbortSignal) => Promise<string | undefined>)
    | undefined;
};

const AnswerState = Annotation.Root({
  request: Annotation<AnswerRequest>,
  retrieval: Annotation<HandedOver<Retrieval>>,
  history: Annotation<HandedOver<History>>,
  context: Annotation<Context>,
  sources: Annotation<Source[]>,
});
type State = typeof AnswerState.State;

/**
 * The question's path: retrieve -> build context -> generate. Its GraphEvents go to `configurable.emit`. It ends by
 * `configurable.signal`, and not by LangGraph's own, which waits for no node: a writer that is stopped has a last word.
 */
export function createAnswerGraph(parts: AnswerGraphParts) {
  return new StateGraph(AnswerState)
    .addNode('retrieve', (state: State, config) => retrieve(parts, state, config))
    .addNode('build-context', (state: State, config) => chooseContext(parts, state, emitter(config)))
    .addNode('generate', (state: State, config) => generate(parts, state, config))
    .addEdge(START, 'retrieve')
    .addEdge('retrieve', 'build-context')
    .addEdge('build-context', 'generate')
    .addEdge('generate', END)
    .compile();
}

export type AnswerGraph = ReturnType<typeof createAnswerGraph>;

/** What an answer is written from: some 2,500 tokens, half of their budget. */
const EXCERPT_CHARACTERS = 10_000;

type Emit = (event: GraphEvent) => void;

async function retrieve(
  { db, budget, retriever, rewrite }: AnswerGraphParts,
  { request }: State,
  config: LangGraphRunnableConfig,
): Promise<Partial<State>> {
  const emit = emitter(config);
  emit({ type: 'stage', stage: 'searching' });
  const { workspaceId, userMessageId, question, documentIds, scope } = request;
  const mostTokens = budget.maxContextTokens;
  if (!rewrite) retriever.anticipate(workspaceId, question);
  const history = await readHistory(forWorkspace(db, workspaceId), {
    workspaceId,
    before: userMessageId,
    mostTokens,
  });
  const { turns } = history;
  const signal = signalOf(config);
  const steps: StepTimes = {};
  const rewritten = rewrite && (await timeStep(steps, 'rewriting', () => rewrite(request, turns, signal)));
  const retrieval = await retriever.retrieve({
    workspaceId,
    question: rewritten ?? question,
    earlierQuestions: rewritten === undefined ? turns.map(turn => turn.question) : [],
    documentIds,
    scope,
    excerptCharacters: EXCERPT_CHARACTERS,
  });
  const trace = traceRetrieval(rewritten, retrieval);
  emit({ type: 'trace', trace: { ...trace, question, steps: { ...steps, ...trace.steps } } });
  return { retrieval: new HandedOver(retrieval), history: new HandedOver(history) };
}

async function chooseContext(
  { budget, writer }: AnswerGraphParts,
  state: State,
  emit: Emit,
): Promise<Partial<State>> {
  const retrieval = state.retrieval.value;
  const { passages, excerpts, searchedDocuments } = retrieval;
  emit({ type: 'stage', stage: 'reading', documents: searchedDocuments, passages: passages.length });
  const isUsable = passages.length > 0 || writer.showsNearest;
  const context = buildContext({
    budget,
    question: state.request.question,
    ...state.history.take(),
    sources: isUsable ? listSources(excerpts) : [],
  });
  const { sources, account } = context;
  emit({ type: 'trace', trace: traceChoice(retrieval, context, isUsable) });
  emit({ type: 'context', account });
  emit({ type: 'sources', sources });
  return { context, sources };
}

async function generate(
  { writer }: AnswerGraphParts,
  state: State,
  config: LangGraphRunnableConfig,
): Promise<Partial<State>> {
  const emit = emitter(config);
  const signal = signalOf(config);
  signal.throwIfAborted();
  emit({ type: 'stage', stage: 'writing' });
  for await (const event of writer.write({ ...state, signal })) emit(event);
  return {};
}

/**
 * Events go straight to whoever runs the graph, and not through `config.writer`: LangGraph's own stream costs more for
 * every token than all the rest of its way.
 */
function emitter({ configurable }: LangGraphRunnableConfig): Emit {
  const emit: unknown = configurable?.emit;
  if (typeof emit !== 'function') throw new Error('the answer graph must be run with configurable.emit');
  return event => emit(event);
}

function signalOf({ configurable }: LangGraphRunnableConfig): AbortSignal {
  const signal: unknown = configurable?.signal;
  if (!(signal instanceof AbortSignal))
    throw new Error('the answer graph must be run with configurable.signal');
  return signal;
}
