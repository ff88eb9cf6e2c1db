import { z } from 'zod';
import type { Clock } from './clock.js';

/** One request, however long its ledger transaction takes. */
export const REQUEST_MS_MAX = 60_000;
/** "Later" (429, 503) is obeyed this often before it becomes an error. */
export const RETRIES_MAX = 60;
/** Wait when the server names none. */
const RETRY_DELAY_MS = 500;
/** A stream that says nothing for so long has told what it knew. */
const STREAM_SILENCE_MS = 300;
/** product.md: page ≤ 200. */
const PAGE_SIZE = 200;

const problemBody = z.object({
  code: z.string().default(''),
  detail: z.string().default(''),
  title: z.string().default(''),
});
const pageBody = z.object({
  data: z.array(z.unknown()),
  nextCursor: z.string().nullable(),
  total: z.number().optional(),
});

/** The API said no. `code` is the problem's stable code. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The public HTTP API, with one bearer token. */
export class ApiClient {
  constructor(
    private readonly baseUrl: string,
    private readonly token: string,
    private readonly clock: Clock,
  ) {}

  get(path: string): Promise<unknown> {
    return this.request('GET', path, undefined, {});
  }

  post(path: string, body: object, headers: Record<string, string> = {}): Promise<unknown> {
    return this.request('POST', path, body, headers);
  }

  patch(path: string, body: object): Promise<unknown> {
    return this.request('PATCH', path, body, {});
  }

  /** Waits as long as one waits for an answer that says "later". */
  breathe(): Promise<void> {
    return this.clock.sleep(RETRY_DELAY_MS);
  }

  /** What a stream of server-sent events has to tell at once, after `since`; read until it falls silent for a moment. */
  async events(path: string, since?: string): Promise<unknown[]> {
    const end = new AbortController();
    const resume = since === undefined ? {} : { 'last-event-id': since };
    const headers = { authorization: `Bearer ${this.token}`, ...resume };
    const response = await fetch(`${this.baseUrl}${path}`, { headers, signal: end.signal });
    if (!response.ok || response.body === null) throw problem('GET', path, response.status, await response.text());
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const chunk = await Promise.race([reader.read(), this.clock.sleep(STREAM_SILENCE_MS)]);
      if (chunk?.value === undefined) break;
      text += chunk.value;
    }
    end.abort();
    await reader.cancel().catch(() => undefined);
    return text
      .split('\n')
      .flatMap((line): unknown[] => (line.startsWith('data: ') ? [JSON.parse(line.slice(6))] : []));
  }

  /** POSTs a resource that may exist already: its answer, or undefined when the API says 409. */
  async postUnlessExists(path: string, body: object, headers: Record<string, string> = {}): Promise<unknown> {
    try {
      return await this.post(path, body, headers);
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) return undefined;
      throw error;
    }
  }

  /** Every element of a list route, page by page. */
  async *list(path: string): AsyncGenerator<unknown> {
    const separator = path.includes('?') ? '&' : '?';
    let cursor: string | null = '';
    while (cursor !== null) {
      const at: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page = pageBody.parse(await this.get(`${path}${separator}limit=${PAGE_SIZE}${at}`));
      yield* page.data;
      cursor = page.nextCursor;
    }
  }

  /** How many elements a list route has. */
  async count(path: string): Promise<number> {
    const separator = path.includes('?') ? '&' : '?';
    const page = pageBody.parse(await this.get(`${path}${separator}limit=1&count=true`));
    if (page.total === undefined) throw new Error(`${path} answered no total`);
    return page.total;
  }

  private async request(
    method: string,
    path: string,
    body: object | undefined,
    headers: Record<string, string>,
  ): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      const response = await this.send(method, path, body, headers);
      const text = await response.text();
      if (response.ok) return text === '' ? undefined : JSON.parse(text);
      if ((response.status !== 429 && response.status !== 503) || attempt > RETRIES_MAX)
        throw problem(method, path, response.status, text);
      const afterSeconds = Number(response.headers.get('retry-after') ?? Number.NaN);
      await this.clock.sleep(Number.isFinite(afterSeconds) ? afterSeconds * 1000 : RETRY_DELAY_MS);
    }
  }

  private send(
    method: string,
    path: string,
    body: object | undefined,
    headers: Record<string, string>,
  ): Promise<Response> {
    return fetch(`${this.baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_MS_MAX),
    });
  }
}

function problem(method: string, path: string, status: number, text: string): ApiError {
  let parsed: z.infer<typeof problemBody> = { code: '', detail: text.slice(0, 200), title: '' };
  try {
    parsed = problemBody.parse(JSON.parse(text));
  } catch {
    // Not problem+json: the text itself is the best there is.
  }
  return new ApiError(
    status,
    parsed.code,
    `${method} ${path}: ${status} ${parsed.code} ${parsed.detail || parsed.title}`,
  );
}
