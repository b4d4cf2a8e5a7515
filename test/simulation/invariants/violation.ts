/** The invariants that the simulation checks, by the names of the reliability rules, with what each says. */
export const INVARIANTS = {
  S1: 'revisions are contiguous, the chain holds, terms and times never run back, a term has one holder',
  S2: 'what was told is in the log, and nothing that was told ever leaves it',
  S3: 'no agent acts on a message of a term older than one it has seen',
  S4: 'a task is bound to one instance for ever, and its containers exist on one host only',
  S5: 'a task only moves forward, and STOPPED is final',
  S6: 'the containers of a STOPPED task are never started',
  S7: 'reservations never exceed what an instance has, and what remains is exact',
  S8: 'a fixed host port has one owner at most',
  S10: 'rolling updates keep minimumHealthyPercent and maximumPercent at every step',
  S13: 'the same client token or command id is done once, and answered the same again',
  S14: 'only ACTIVE, connected instances get tasks, and a deregistered one never comes back',
  S16: 'state and views are exactly the fold of the log',
  S20: 'nothing spins: work needs time to pass',
  S21: 'no answer rests on a state that was old when the command came',
  S22: 'counts in views are those of counted tasks',
  L1: 'running equals desired for every satisfiable service',
  L2: 'every accepted task is RUNNING, or STOPPED with a reason',
  L3: 'every task that was told to stop has ended',
  L4: 'somebody writes',
  L5: 'all views reach the head',
  DEFECT: 'no part of the product breaks an invariant of its own',
} as const;

export type InvariantName = keyof typeof INVARIANTS;

/** A promise that was broken. */
export interface Violation {
  readonly invariant: InvariantName;
  readonly facts: string;
  readonly seed: number;
  /** Virtual seconds since the start. */
  readonly atSeconds: number;
  readonly trace: readonly string[];
}

/** Where checks report. The first violation ends the run: what follows from it tells nothing. */
export type ReportViolation = (invariant: InvariantName, facts: string) => void;
