export const countChunks = (count: number): string => (count === 1 ? '1 chunk' : `${count} chunks`);
