/** Where the page lives: "/", or "/prefix/" behind a proxy that takes the prefix away. Assets lie one folder below. */
export const rootPath = import.meta.env.DEV ? '/' : new URL('../', import.meta.url).pathname;

/** The address of a path of the API, given without its leading slash. */
export const apiUrl = (path: string) => `${rootPath}api/${path}`;
