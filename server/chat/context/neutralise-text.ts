import { stripInvisible } from '../../language-model/strip-invisible.ts';

/** Letters that look like those of "source", in the order of the word. */
const word = ['sｓѕ', 'oｏоο', 'uｕυ', 'rｒг', 'cｃсϲ', 'eｅеҽ'].map(alike => `[${alike}]`).join('\\s?');
const bracket = '(?:[<＜﹤‹〈⟨«]|&lt;?|&#0*60;?|&#x0*3c;?)';
/** `<source` and `</source`, also where brackets or letters only look like it. */
const fence = new RegExp(`${bracket}([/／⁄∕\\\\\\s]*)(?=${word}(?![\\p{L}]))`, 'giu');

/** What chat templates put around the parts of a prompt, for models of many makes. */
const templateTags =
  /<(?=\s*\/?\s*(?:s|bos|eos|pad|unk|mask|think|thinking|reasoning|system|user|assistant|human|tool|tools|tool_call|tool_response|function_call|instructions?|start_of_turn|end_of_turn|start_of_image|unused\d+|SYS|im_start|im_end|begin_of_text|end_of_text|eot_id|endoftext)\s*>)/gi;
const bars = /<(?=\s*[|｜])|([|｜])(?=\s*>)/g;
const instructionTags =
  /\[(?=\s*\/?\s*(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|IMG)\s*\])/gi;
const turnHeadings =
  /^([ \t]*)#{1,6}[ \t]*(?=(?:system|user|human|assistant|instructions?|input|response)[ \t]*:)/gim;

/**
 * A text of other people's as it may stand in a prompt: data that can't be taken for a part of the prompt.
 * Invisible characters go, marks of a source's fence get a parenthesis for their bracket, tokens of chat
 * templates (`<|im_start|>`, `[INST]`, `### System:`) fall apart.
 */
export function neutraliseText(text: string): string {
  return stripInvisible(text)
    .replace(fence, '($1')
    .replace(templateTags, '< ')
    .replace(bars, (bar: string) => (bar === '<' ? '< ' : `${bar} `))
    .replace(instructionTags, '[ ')
    .replace(turnHeadings, '$1');
}
