/** Questions that the documents in samples/ answer; they are in English like the documents. */
export const sampleQuestions: Record<string, string[]> = {
  'employee-handbook.txt': ['How many days a year may I work from abroad?'],
  'product-manual.txt': ['What does error E03 mean and what should I do?'],
  'service-agreement.txt': ['By how much may the monthly fees rise?'],
  'support-archive.txt': ['Why does E01 come back after cleaning the inlet?'],
  'classroom-study.txt': ['What did the study find about air in classrooms?'],
};
