import { type Attributes, SpanStatusCode, trace } from '@opentelemetry/api';

/**
 * Does the work within a span of OpenTelemetry, below the one that is active. Without tracing (`startTracing`) the span
 * is nothing, and costs about a microsecond.
 *
 * @param attributes numbers, names and codes; never texts of documents, questions or answers.
 */
export function withSpan<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  return trace.getTracer('lectern').startActiveSpan(name, { attributes }, async span => {
    try {
      return await work();
    } catch (error) {
      // The kind only: a message may quote what somebody wrote.
      const kind = error instanceof Error ? error.name : 'unknown';
      span.setAttribute('error.type', kind).setStatus({ code: SpanStatusCode.ERROR, message: kind });
      throw error;
    } finally {
      span.end();
    }
  });
}
