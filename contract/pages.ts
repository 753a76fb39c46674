/**
 * The addresses of the page. The server answers each with the same HTML, which then shows what the address
 * says: every view can be opened, reloaded and shared by its address.
 */
export const pagePaths = [
  '/',
  '/chat/:id',
  '/documents',
  '/documents/:id',
  '/search',
  '/evaluation',
  '/system',
  '/account',
  '/admin',
  '/admin/*',
  '/set-up',
  '/invite',
  '/reset-password',
] as const;
