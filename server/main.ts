/** Starts Lectern: the only file of the server with side effects at import. */
import { enableCompileCache } from 'node:module';
import { setV8Flags } from './v8-flags.ts';

// Before anything else is imported: a later start finds its modules compiled, a quarter of a second sooner.
setV8Flags();
enableCompileCache();
const { serve } = await import('./serve.ts');
process.exitCode = await serve();
