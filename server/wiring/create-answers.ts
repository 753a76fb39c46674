/** What answers questions: models with their accounting, the writer, the graph, the desk, and what follows an answer. */
import { admitToQuotes, createAdmission } from '../chat/accounting/admit-question.ts';
import { meterModel } from '../chat/accounting/meter-model.ts';
import { type Beside, TokenLedger } from '../chat/accounting/token-ledger.ts';
import { AnswerDesk } from '../chat/answering/answer-desk.ts';
import type { AnswerRequest } from '../chat/answering/answer-request.ts';
import { createGraphLoader } from '../chat/answering/load-answer-graph.ts';
import { createModelWriter } from '../chat/answering/write-with-model.ts';
import { rewriteQuestion } from '../chat/context/rewrite-question.ts';
import { createQuotesWriter } from '../chat/quoting/write-quotes.ts';
import { createRefusingWriter } from '../chat/refusing/refusing-writer.ts';
import { type SavedAnswer, SessionTitles } from '../chat/titles/session-titles.ts';
import type { Config } from '../config.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import type { Embedder } from '../embedding/embedder.ts';
import { type ModelWriter, toLanguageModel } from '../language-model/model-writer.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../observing/metrics.ts';
import type { Retriever } from '../retrieval/retriever.ts';
import type { Turn } from '../sessions/branches/read-history.ts';
import { MessageIndexer } from '../sessions/searching/message-indexer.ts';
import { createModels } from './create-models.ts';
import { countTokens, observeModel } from './observe-parts.ts';

type Parts = {
  database: OpenDatabase;
  embedder: Embedder;
  retriever: Retriever;
  /** This process, for the leases of its answers. */
  owner: string;
  metrics: Metrics;
  logger: Logger;
};

export async function createAnswers(
  config: Config,
  { database: { db, backgroundDb }, embedder, retriever, owner, metrics, logger }: Parts,
) {
  // What settings may change is asked of `config` each time.
  const prices = {
    get currency() {
      return config.llmPriceCurrency;
    },
    get models() {
      return config.llmPrices;
    },
  };
  const models = await createModels(config, logger);
  const ledger = new TokenLedger({ db, prices, logger });
  const meter = (metered: ModelWriter, workspaceId: number, beside?: Beside) =>
    toLanguageModel(
      meterModel(observeModel(metered, metrics), call => {
        countTokens(metrics, call);
        ledger.record(workspaceId, call, beside);
      }),
    );
  const writer = models
    ? createRefusingWriter(
        createModelWriter({ models, temperature: () => config.llmTemperature, meter, embedder }),
      )
    : createQuotesWriter(embedder);
  const rewrite = models
    ? ({ workspaceId, sessionId, question }: AnswerRequest, turns: Turn[], signal: AbortSignal) =>
        rewriteQuestion(
          meter(models.standard, workspaceId, { sessionId, purpose: 'rewritten_question' }),
          { question, turns, signal },
          { logger },
        )
    : undefined;
  const loadGraph = createGraphLoader({
    db,
    retriever,
    budget: config,
    writer,
    get rewrite() {
      return config.questionRewriting === 'model' ? rewrite : undefined;
    },
  });
  const indexer = new MessageIndexer({ db, backgroundDb, logger });
  const titles = models
    ? new SessionTitles({
        db,
        modelFor: ({ workspaceId, sessionId }) =>
          meter(models.standard, workspaceId, { sessionId, purpose: 'title' }),
        logger,
      })
    : undefined;
  const onSaved = (answer: SavedAnswer) => {
    metrics.instruments?.answersSaved.inc();
    indexer.wake();
    if (config.sessionTitles === 'model') titles?.answered(answer);
  };
  const dailyTokenBudget = () => config.dailyTokenBudget;
  const answers = new AnswerDesk({
    onSaved,
    owner,
    longestWaitMs: () => 1000 * config.overloadWaitSeconds,
    db,
    backgroundDb,
    loadGraph,
    budget: config,
    prices,
    admit: models ? createAdmission({ models, ledger, dailyTokenBudget }) : admitToQuotes(writer.name),
    logger,
  });
  return { models, prices, ledger, indexer, titles, answers, loadGraph };
}
