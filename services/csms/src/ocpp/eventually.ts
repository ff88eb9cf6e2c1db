/**
 * Known now or later. A message that waits for nothing passes without a promise: the turns of the queue between its steps
 * would cost more than its validation.
 */
export type Eventually<T> = T | Promise<T>;

/** The next step: in the same turn when the value is known, else when it is. */
export function andThen<T, U>(value: Eventually<T>, step: (known: T) => Eventually<U>): Eventually<U> {
  return value instanceof Promise ? value.then(step) : step(value);
}
