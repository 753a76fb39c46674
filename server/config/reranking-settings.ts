import * as value from '../config-values.ts';

/** Settings of what sorts found passages again. */
export const reranking = {
  reranking: value
    .flag()
    .default(true)
    .describe(
      'Whether found passages are sorted again, where a reranker is configured. Off keeps it loaded.',
    ),
  rerankerModelPath: value
    .folder()
    .optional()
    .describe(
      'The folder of a cross-encoder in ONNX form (`tokenizer.json` of BERT word pieces) that reads question and passage together and sorts what was found. It is loaded once per core, up to four times.',
    ),
  rerankerBaseUrl: value
    .baseUrl()
    .optional()
    .describe(
      'Sort with the server at this address instead: Jina, Cohere, vLLM, llama.cpp or TEI, asked at `/rerank` below it. What was found goes there.',
    ),
  rerankerModel: value
    .text('the name of a model')
    .optional()
    .describe('The model at RERANKER_BASE_URL; required together with it, except for TEI.'),
  rerankerApiKey: value.apiKey().optional().describe('The key for RERANKER_BASE_URL, when it wants one.'),
  rerankerFormat: value
    .oneOf(['auto', 'jina', 'cohere', 'tei'])
    .default('auto')
    .describe(
      'What RERANKER_BASE_URL speaks. `jina` and `cohere` are alike, and most servers speak it; `auto` tries that first and then `tei`.',
    ),
  rerankerCandidates: value
    .wholeNumber({ min: 1, max: 1000, unit: 'passages' })
    .default(30)
    .describe('How many of the found passages are sorted again.'),
  rerankerTimeoutMs: value
    .wholeNumber({ min: 1, max: 60_000, unit: 'milliseconds' })
    .default(500)
    .describe('How long sorting may take; after that the order stays as it was.'),
};
