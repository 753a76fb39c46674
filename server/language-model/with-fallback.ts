import { LanguageModelError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { GenerateRequest } from './language-model.ts';
import type { Emit, ModelWriter } from './model-writer.ts';

/**
 * A model with another that stands in for it whenever it fails before its first token, whatever the reason:
 * a key that was revoked or a model that was taken off the market stops the answers as surely as an outage,
 * and what both refuse costs one request more. After the first token nothing is asked twice.
 *
 * When both fail the first one's error is told, because that is the model people have chosen.
 */
export function withFallback(first: ModelWriter, second: ModelWriter, logger: Logger): ModelWriter {
  async function write(request: GenerateRequest, emit: Emit): Promise<void> {
    const failure = await attempt(first, request, emit);
    if (!failure) return;
    noteFailure(first, failure, 'asking the fallback language model');
    const secondFailure = await attempt(second, request, emit);
    if (!secondFailure) return;
    noteFailure(second, secondFailure, 'the fallback language model failed too');
    throw failure;
  }

  function noteFailure(model: ModelWriter, error: LanguageModelError, message: string): void {
    logger.warn({ event: 'language-model-fell-back', model: model.name, err: error }, message);
  }

  // The second one is shared, and closed by whoever made it.
  return { name: first.name, write, close: () => first.close() };
}

/** Returns how it failed before its first token; throws whatever else goes wrong. */
async function attempt(
  model: ModelWriter,
  request: GenerateRequest,
  emit: Emit,
): Promise<LanguageModelError | undefined> {
  let hasBegun = false;
  try {
    await model.write(request, event => {
      hasBegun = true;
      emit(event);
    });
    return undefined;
  } catch (error) {
    request.signal.throwIfAborted();
    if (hasBegun || !(error instanceof LanguageModelError)) throw error;
    return error;
  }
}
