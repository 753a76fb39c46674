/** How tests start Lectern's processes: as cheaply as the test itself runs (package.json says how that is). */
export const childFlags = process.execArgv.filter(flag => flag === '--liftoff-only');

const { PATH, NODE_COMPILE_CACHE } = process.env;

/** Of the environment of whoever runs the tests only what every process needs. */
export const childEnv: Record<string, string> = {
  ...(PATH && { PATH }),
  ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }),
};
