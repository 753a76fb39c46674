/** The page where answers are quotes from the documents. */
import { testAsking } from './asking.ts';
import { testProxyAndLanguages } from './behind-a-proxy.ts';
import { describeInBrowser } from './browser/browser-test.ts';
import { testDocuments } from './documents.ts';
import { testKeyboard } from './keyboard.ts';
import { testLongLists } from './long-lists.ts';
import { testPdfSource } from './pdf-source.ts';

describeInBrowser('with quotes', {}, browser => {
  testDocuments(browser);
  testAsking(browser);
  testPdfSource(browser);
  testKeyboard(browser);
  testProxyAndLanguages(browser);
  testLongLists(browser);
});
