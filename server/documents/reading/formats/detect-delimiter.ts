const delimiters = [',', ';', '\t', '|'];

/** The sign between a table's cells: the one that stands equally often in most of its first lines. */
export function detectDelimiter(text: string): string {
  const lines = text
    .slice(0, 20_000)
    .replace(/"[^"]*"/g, '""')
    .split('\n')
    .filter(line => line.trim() !== '')
    .slice(0, 20);
  const scores = delimiters.map(delimiter => {
    const counts = lines.map(line => line.split(delimiter).length - 1);
    const usual = usualCount(counts);
    const start = counts.indexOf(usual);
    const rows = counts.filter(count => count === usual).length;
    if (usual === 0 || rows < lines.length / 2) return 0;
    // A title may stand above the table. A decimal comma stands in most lines too, but not in the names of the columns.
    return (rows / (lines.length - start)) * (rows / lines.length) + usual / 1_000;
  });
  return delimiters[scores.indexOf(Math.max(...scores))] ?? ',';
}

/** The count that most lines have which have any. */
function usualCount(counts: number[]): number {
  const lines = Map.groupBy(
    counts.filter(count => count > 0),
    count => count,
  );
  const [usual = 0] = [...lines].reduce(
    (best, one) => (one[1].length > best[1].length ? one : best),
    [0, []],
  );
  return usual;
}
