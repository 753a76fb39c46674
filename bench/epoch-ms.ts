/** Now in milliseconds since 1970 with their fractions, comparable between the processes of one machine. */
export const epochMs = (): number => performance.timeOrigin + performance.now();
