/** The same parts, each of whose doings is measured and traced. */
import type { MeteredCall } from '../chat/accounting/meter-model.ts';
import type { IngestionStep, OnIngestionStep } from '../documents/ingestion/ingestion-steps.ts';
import type { ModelWriter } from '../language-model/model-writer.ts';
import type { Metrics } from '../observing/metrics.ts';
import { withSpan } from '../observing/with-span.ts';
import type { Retriever } from '../retrieval/retriever.ts';

export function observeRetriever(retriever: Retriever, metrics: Metrics): Retriever {
  return {
    anticipate: (workspaceId, question) => retriever.anticipate(workspaceId, question),
    prepare: workspaceId => retriever.prepare(workspaceId),
    retrieve: request =>
      withSpan('retrieval', {}, async () => {
        const startedAt = performance.now();
        const retrieval = await retriever.retrieve(request);
        const { instruments } = metrics;
        const cached = String(retrieval.cached);
        instruments?.retrievalDuration.observe({ cached }, (performance.now() - startedAt) / 1000);
        for (const [name, ms] of Object.entries(retrieval.times))
          instruments?.retrievalStepDuration.observe({ step: name.replace(/_ms$/, '') }, ms / 1000);
        return retrieval;
      }),
  };
}

export function observeModel(model: ModelWriter, metrics: Metrics): ModelWriter {
  return {
    name: model.name,
    close: () => model.close(),
    // Names by the semantic conventions for generative AI.
    write: (request, emit) =>
      withSpan(
        `chat ${model.name}`,
        { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': model.name },
        async () => {
          const startedAt = performance.now();
          const elapsed = () => (performance.now() - startedAt) / 1000;
          let isFirst = true;
          let outcome = 'failed';
          try {
            await model.write(request, event => {
              if (isFirst && event.type !== 'begin') {
                isFirst = false;
                metrics.instruments?.firstTokenDuration.observe({ model: model.name }, elapsed());
              }
              emit(event);
            });
            outcome = 'finished';
          } finally {
            if (request.signal.aborted) outcome = 'stopped';
            metrics.instruments?.callDuration.observe({ model: model.name, outcome }, elapsed());
          }
        },
      ),
  };
}

export function countTokens(metrics: Metrics, { model, promptTokens, completionTokens }: MeteredCall): void {
  metrics.instruments?.tokens.inc({ model, type: 'prompt' }, promptTokens);
  metrics.instruments?.tokens.inc({ model, type: 'completion' }, completionTokens);
}

export function countDocuments(metrics: Metrics, tell: OnIngestionStep): OnIngestionStep {
  return (step: IngestionStep) => {
    if (step === 'document-published') metrics.instruments?.documentsProcessed.inc();
    tell(step);
  };
}
