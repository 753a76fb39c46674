/**
 * A large value on its way to the one that needs it last: states of the graph and suspended functions hold what they
 * were given until the answer ends, and this holds nothing once it is taken.
 */
export class HandedOver<Value> {
  #held: { value: Value } | undefined;

  constructor(value: Value) {
    this.#held = { value };
  }

  /** @throws when it is taken. */
  get value(): Value {
    if (!this.#held) throw new Error('it has been taken');
    return this.#held.value;
  }

  /** @throws when it is taken. */
  take(): Value {
    const { value } = this;
    this.#held = undefined;
    return value;
  }
}
