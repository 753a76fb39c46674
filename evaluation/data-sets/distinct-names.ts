/** Folders of the same name are told apart by the one above. */
export function distinctNames<Set extends { name: string }>(sets: Set[], folders: string[]): Set[] {
  return sets.map((set, index) => {
    const isShared = sets.some((other, at) => at !== index && other.name === set.name);
    const above = folders[index]?.split('/').filter(Boolean).at(-2);
    return isShared && above !== undefined ? { ...set, name: `${above}/${set.name}` } : set;
  });
}
