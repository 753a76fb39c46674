/** A stopped answer is complete, with the finish reason `stopped`. */
export const messageStates = ['running', 'complete', 'interrupted', 'failed'] as const;
