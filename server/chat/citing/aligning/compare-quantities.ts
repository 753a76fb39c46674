import { isCount, type Quantity } from '../numbers/find-quantities.ts';

/** Whether two numbers may be the same amount: a value in common, and no unit that differs. */
export function agree(one: Quantity, other: Quantity): boolean {
  if (!one.values.some(value => other.values.includes(value))) return false;
  return !one.unit || !other.unit || one.unit.kind !== other.unit.kind || one.unit.name === other.unit.name;
}

/** Those of the claim that stand nowhere among the others; what only counts may be a count of what stands there. */
export function missingQuantities(claimed: readonly Quantity[], stated: readonly Quantity[]): Quantity[] {
  return claimed.filter(one => !isCount(one) && !stated.some(other => agree(one, other)));
}
