import { FairQueue } from './fair-queue.ts';

/** A call of one principal among others: what it may have running and waiting. */
const LIMITS = {
  runningMax: 256,
  runningPerPrincipalMax: 192,
  waitingPerPrincipalMax: 1_000,
  bytesWaitingPerPrincipalMax: 32 * 1_024 * 1_024,
  waitMsMax: 700,
  turnMsMin: 10,
  turnMsMax: 100,
} as const;

/** Where the calls of all services wait their turn. */
export class CallQueues {
  /** Commands wait for the log, which may be slow or away; questions to the views do not wait behind them. */
  readonly commands = new FairQueue(LIMITS, () => performance.now());
  readonly queries = new FairQueue(LIMITS, () => performance.now());
}
