/** A link to hand on: whole where PUBLIC_URL says how people reach the server, else a path of the page. */
export const linkAddress = (publicUrl: string | undefined, path: string, token: string): string =>
  `${publicUrl ?? ''}${path}#${token}`;
