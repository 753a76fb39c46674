import { countTokens } from '../../language-model/gpt2-tokens.ts';
import { GrowingText } from '../../language-model/growing-text.ts';
import type { GenerateRequest, TokenUsage } from '../../language-model/language-model.ts';
import type { Emit, ModelWriter } from '../../language-model/model-writer.ts';

export type MeteredCall = {
  /** Which wrote: the one that was asked, or its fallback. */
  model: string;
  promptTokens: number;
  completionTokens: number;
  /** Counted as GPT-2 tokens, because the provider reported none. */
  isEstimated: boolean;
};

/**
 * The same model, each of whose calls is recorded once it is over, however it ended. A call that failed before it
 * began cost nothing; one that its reader stopped before is taken to have cost the prompt.
 */
export function meterModel(model: ModelWriter, record: (call: MeteredCall) => void): ModelWriter {
  async function write(request: GenerateRequest, emit: Emit): Promise<void> {
    const { signal } = request;
    signal.throwIfAborted();
    let writing: string | undefined;
    const written = new GrowingText();
    let isRecorded = false;
    const recordOnce = (reported?: TokenUsage) => {
      if (isRecorded) return;
      isRecorded = true;
      const { promptTokens, completionTokens } = reported ?? estimate(request, written.text);
      const isEstimated = reported === undefined;
      record({ model: writing ?? model.name, promptTokens, completionTokens, isEstimated });
    };
    try {
      await model.write(request, event => {
        if (event.type === 'delta' || event.type === 'reasoning') written.add(event.text);
        else if (event.type === 'begin') writing = event.model;
        // Before it is told: whoever reads the end finds it in the sums.
        else recordOnce(event.usage);
        emit(event);
      });
    } finally {
      if (writing !== undefined || signal.aborted) recordOnce();
    }
  }

  return { name: model.name, write, close: () => model.close() };
}

function estimate({ messages }: GenerateRequest, written: string) {
  const promptTokens = messages.reduce((sum, { content }) => sum + countTokens(content), 0);
  return { promptTokens, completionTokens: countTokens(written) };
}
