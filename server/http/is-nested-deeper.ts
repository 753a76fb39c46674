const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether the arrays and objects of a JSON text are nested deeper than that: recursive code might fail on it. */
export function isNestedDeeper(json: string, mostLevels: number): boolean {
  let level = 0;
  for (let at = 0; at < json.length; at += 1) {
    const unit = json.charCodeAt(at);
    if (unit === QUOTE) at = endOfString(json, at);
    // "[" and "{" differ in one bit, and so do "]" and "}".
    else if ((unit & ~0x20) === 0x5b) {
      level += 1;
      if (level > mostLevels) return true;
    } else if ((unit & ~0x20) === 0x5d) level -= 1;
  }
  return false;
}

/** The index of the closing quote; the text's end when there is none. */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    const unit = json.charCodeAt(at);
    if (unit === BACKSLASH) at += 1;
    else if (unit === QUOTE) return at;
  }
  return json.length;
}
