/** The page where a language model writes the answers. */
import { answer } from '../fakes/language-model-server.ts';
import { cited, testAccess } from './access.ts';
import { testAnswers } from './answers.ts';
import { describeInBrowser } from './browser/browser-test.ts';
import { testPoisonedDocuments } from './poisoned.ts';

describeInBrowser('with a language model', { modelBehaviour: answer(cited) }, browser => {
  testAccess(browser);
  testAnswers(browser);
  testPoisonedDocuments(browser);
});
