import { queueOptionsSymbol, type TaskQueue } from 'piscina';

type Task = Parameters<TaskQueue['push']>[0];

const question = { first: true };

/** Marks a task that is to run ahead of all waiting passages. */
export function aheadOfPassages<T extends object>(task: T): T {
  return { ...task, [queueOptionsSymbol]: question };
}

/** A task queue for Piscina: questions in order, then passages in order. */
export class QuestionFirstQueue implements TaskQueue {
  readonly #questions: Task[] = [];
  readonly #passages: Task[] = [];

  get size(): number {
    return this.#questions.length + this.#passages.length;
  }

  push(task: Task): void {
    this.#lane(task).push(task);
  }

  shift(): Task | null {
    return this.#questions.shift() ?? this.#passages.shift() ?? null;
  }

  remove(task: Task): void {
    const lane = this.#lane(task);
    const index = lane.indexOf(task);
    if (index >= 0) lane.splice(index, 1);
  }

  #lane(task: Task): Task[] {
    return task[queueOptionsSymbol] === question ? this.#questions : this.#passages;
  }
}
