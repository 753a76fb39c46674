/** Where the page lives: "/", or "/prefix/" behind a proxy that takes the prefix away. Assets lie one folder below. */
export const rootPath = import.meta.env.DEV ? '/' : new URL('../', import.meta.url).pathname;

/** The address of a path of the API, given without its leading slash. */
export const apiUrl = (path: string) => `${rootPath}api/${path}`;

/** A link as it can be sent: the server gives its path, or the whole of it where it knows its public address. */
export const absoluteLink = (link: string) =>
  new URL(link.startsWith('/') ? rootPath + link.slice(1) : link, location.href).href;
