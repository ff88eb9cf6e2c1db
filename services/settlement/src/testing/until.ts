/** For specs that wait for a database and timers: a machine under load may take its time. */
export const PATIENCE_MS = 60_000;

/** Waits until something holds, for at most some seconds. @throws when it never did. */
export async function until(holds: () => Promise<boolean> | boolean, withinMs = 30_000): Promise<void> {
  const deadlineMs = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadlineMs) throw new Error(`not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
