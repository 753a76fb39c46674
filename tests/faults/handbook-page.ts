/** They make a good hundred passages: three whole batches of an ingestion and a part of a fourth. */
const SECTIONS = 190;

const words = 'ash birch cedar douglas elm fir ginkgo hazel ilex juniper'.split(' ');
const word = (number: number) => words[number % words.length];

/**
 * A web page with headings of three levels, lists, tables, code, characters of one, two and four bytes, in
 * short sections. The mark makes other bytes of it and leaves its text as it is.
 */
export function makeHandbook(mark: string): string {
  const sections = Array.from({ length: SECTIONS }, (_, index) => {
    const level = index % 20 === 0 ? 1 : index % 5 === 0 ? 2 : 3;
    return `<h${level}>Tree ${index}: ${word(index)} é 🌲</h${level}>\n${bodyOf(index)}`;
  });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Trees — a handbook</title></head>
<body><!-- ${mark} -->${sections.join('\n')}</body></html>`;
}

function bodyOf(index: number): string {
  const [first, second] = [word(index + 3), word(index + 7)];
  if (index % 7 === 3)
    return `<ul><li>The ${first} has ${index} rings.</li><li>The ${second} 🌳 has ${index + 1}.</li></ul>`;
  if (index % 7 === 5)
    return `<table><tr><th>Tree</th><th>Rings</th></tr><tr><td>${first}</td><td>${index}</td></tr></table>`;
  if (index % 7 === 6) return `<pre>${first}(${index}) =&gt; ${second}</pre>`;
  return `<p>The ${first} number ${index} stands beside the ${second}, and its height is ${3 * index} feet.</p>`;
}
