/** The settings of who uses the server, as config-schema.ts groups them. */
import * as value from '../config-values.ts';

export const accounts = {
  publicUrl: value.baseUrl().optional().meta({
    shownDefault: 'none',
    description:
      'The address under which people reach the server, such as `https://lectern.example.com`: links begin with it, and its host is one of ALLOWED_HOSTS.',
  }),
  lecternApiKey: value
    .apiKey()
    .optional()
    .describe('The API key that the command line sends to a server where one has to sign in.'),
};
