/**
 * What csms says when the database does not answer in time. On a machine that is busy with other things it happens,
 * and a close with 1013 is then the documented answer; a run that sees more than a few says nothing about the frames.
 */
const OUTAGE_LINE = /store unavailable: |rows dropped.*not reachable/;
export const OUTAGES_MAX = 10;
const CLOSE_TRY_AGAIN_LATER = 1013;

export function isOutageLine(line: string): boolean {
  return OUTAGE_LINE.test(line);
}

export function isOutageClose(code: number, reason: string): boolean {
  return code === CLOSE_TRY_AGAIN_LATER && reason === 'store unavailable';
}
