import { Readable } from 'node:stream';
import {
  Injectable,
  StreamableFile,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { map, type Observable } from 'rxjs';
import { csvHeader, csvLines } from './csv.js';
import { ListAnswer } from './list.js';

/** An export larger than this is asked for in periods. */
export const EXPORT_ROWS_MAX = 200_000;

/**
 * Lists leave as `{data, nextCursor}` or, by `?format=csv` or `Accept: text/csv`, as CSV.
 * A CSV without `limit` follows all pages; with `limit` it is that page, and `X-Next-Cursor` names the next one.
 */
@Injectable()
export class ListInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    return next.handle().pipe(
      map((value: unknown) => {
        if (!(value instanceof ListAnswer)) return value;
        const request = http.getRequest<Request>();
        return wantsCsv(request) ? csvFile(value, request, http.getResponse<Response>()) : value.first;
      }),
    );
  }
}

function wantsCsv(request: Request): boolean {
  const format = request.query['format'];
  return format === 'csv' || (format === undefined && request.accepts(['application/json', 'text/csv']) === 'text/csv');
}

function csvFile(answer: ListAnswer, request: Request, response: Response): StreamableFile {
  const onePage = request.query['limit'] !== undefined;
  if (onePage && answer.first.nextCursor !== null) response.setHeader('X-Next-Cursor', answer.first.nextCursor);
  const disposition = 'attachment; filename="export.csv"';
  const parts = Readable.from(csvParts(answer, onePage));
  const file = new StreamableFile(parts, { type: 'text/csv; charset=utf-8', disposition });
  // Nest would end the response in good order, and the file would look complete.
  return file.setErrorHandler(() => response.destroy());
}

/** A fault after the first page ends the connection: a cut file is seen as cut, never taken for complete. */
async function* csvParts(answer: ListAnswer, onePage: boolean): AsyncGenerator<string> {
  yield csvHeader(answer.columns);
  let page = answer.first;
  let rows = 0;
  for (;;) {
    rows += page.data.length;
    if (rows > EXPORT_ROWS_MAX) throw new Error(`export of more than ${EXPORT_ROWS_MAX} rows`);
    yield csvLines(answer.columns, page.data);
    if (onePage || page.nextCursor === null) return;
    page = await answer.follow(page.nextCursor);
  }
}
