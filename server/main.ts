/** Starts Lectern: the only file of the server with side effects at import. */
import { serve } from './serve.ts';

process.exitCode = await serve();
