/** Outcome of a rule that can refuse: a fault is a value with a stable code, never an exception. */
export type Result<T, F> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: F };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function refuse<F>(fault: F): { readonly ok: false; readonly fault: F } {
  return { ok: false, fault };
}
