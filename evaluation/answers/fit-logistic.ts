/** An example of a question: its signs, and whether something found answers it. */
export type Example = { signs: Record<string, number>; isAnswered: boolean; weight: number };

export type Fitted = { bias: number; weights: Record<string, number> };

const STEPS = 25;
/** Of the squares of all weights, in shares of an example: signs that say the same share them. */
const PENALTY = 0.002;

/** Logistic regression by Newton's method. The weights of the examples need not add up to anything. */
export function fitLogistic(examples: Example[], names: string[]): Fitted {
  const total = examples.reduce((sum, { weight }) => sum + weight, 0);
  const rows = examples.map(({ signs, isAnswered, weight }) => ({
    values: [1, ...names.map(name => signs[name] ?? 0)],
    wanted: Number(isAnswered),
    share: weight / total,
  }));
  let weights = [0, ...names.map(() => 0)];
  for (let step = 0; step < STEPS; step += 1) {
    const slopes = weights.map((weight, index) => (index === 0 ? 0 : PENALTY * weight));
    const bends = weights.map((_, row) =>
      weights.map((__, column): number => (row === column ? PENALTY : 0)),
    );
    for (const { values, wanted, share } of rows) {
      const chance =
        1 / (1 + Math.exp(-values.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0)));
      const curve = share * chance * (1 - chance);
      for (const [row, value] of values.entries()) {
        slopes[row] = (slopes[row] ?? 0) + share * (chance - wanted) * value;
        const bend = bends[row] ?? [];
        for (const [column, other] of values.entries())
          bend[column] = (bend[column] ?? 0) + curve * value * other;
      }
    }
    const change = solve(bends, slopes);
    weights = weights.map((weight, index) => weight - (change[index] ?? 0));
  }
  const [bias = 0, ...others] = weights;
  return { bias, weights: Object.fromEntries(names.map((name, index) => [name, others[index] ?? 0])) };
}

/** A system of linear equations with a positive definite matrix, by elimination. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  for (const [at, row] of rows.entries()) {
    const pivot = row[at] ?? 1;
    for (const [other, values] of rows.entries()) {
      if (other === at) continue;
      const factor = (values[at] ?? 0) / pivot;
      for (const [column, value] of row.entries()) values[column] = (values[column] ?? 0) - factor * value;
    }
  }
  return rows.map((row, index) => (row.at(-1) ?? 0) / (row[index] ?? 1));
}
