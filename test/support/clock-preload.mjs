// Loaded into every Node process of a product under test (`--import …?file=FILE`): its wall clock is ahead by as many
// milliseconds as the file says. Timers, and clocks that only measure, go on as they are.
import { readFileSync } from 'node:fs';

const POLL_MS = 100;
const file = new URL(import.meta.url).searchParams.get('file');
const RealDate = Date;
let aheadMs = 0;
const nowMs = () => RealDate.now() + aheadMs;

function look() {
  try {
    aheadMs = Number(readFileSync(file, 'utf8'));
  } catch {
    aheadMs = 0;
  }
}

look();
setInterval(look, POLL_MS).unref();
globalThis.Date = new Proxy(RealDate, {
  apply: () => new RealDate(nowMs()).toString(),
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [nowMs()] : args, newTarget),
  get: (target, name, receiver) => (name === 'now' ? nowMs : Reflect.get(target, name, receiver)),
});
