/** A refusal that crosses processes: RFC 9457 without transport. `code` is stable and never translated. */
export interface Problem {
  readonly code: string;
  /** HTTP status that the API answers with. */
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly message: string }[];
  readonly retryable?: boolean;
}

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };
