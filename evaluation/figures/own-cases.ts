/** What the stored questions are called in reports: one of the page and one of the command line can be compared. */
export const ownCases = 'own cases';
