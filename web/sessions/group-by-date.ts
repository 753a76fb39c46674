const DAY = 86_400_000;
const groups = ['pinned', 'today', 'yesterday', 'week', 'month', 'older'] as const;
type DateGroup = (typeof groups)[number];

/** Puts what is newest first into groups, by the reader's own days; what is pinned stands above. */
export function groupByDate<Item extends { updated_at: string; pinned: boolean }>(
  items: Item[],
  now = new Date(),
): [DateGroup, Item[]][] {
  const midnight = new Date(now);
  midnight.setHours(0, 0, 0, 0);
  const groupOf = ({ updated_at, pinned }: Item): DateGroup => {
    if (pinned) return 'pinned';
    const time = new Date(updated_at).getTime();
    if (time >= midnight.getTime()) return 'today';
    if (time >= midnight.getTime() - DAY) return 'yesterday';
    if (time >= midnight.getTime() - 7 * DAY) return 'week';
    return time >= midnight.getTime() - 30 * DAY ? 'month' : 'older';
  };
  const grouped = Map.groupBy(items, groupOf);
  return groups.flatMap(group => {
    const inside = grouped.get(group);
    return inside ? [[group, inside] satisfies [DateGroup, Item[]]] : [];
  });
}
