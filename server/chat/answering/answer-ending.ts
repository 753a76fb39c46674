/** Why an answer is ended from outside, as the reason of its signal. */
export class AnswerEnding extends Error {
  override name = 'AnswerEnding';
  readonly why: 'stopped' | 'gone' | 'too-long' | 'shutting-down';

  constructor(why: AnswerEnding['why']) {
    super(`the answer was ended: ${why}`);
    this.why = why;
  }
}
