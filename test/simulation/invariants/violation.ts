/** The invariants that the simulation checks, by the names of the reliability rules, with what each says. */
export const INVARIANTS = {
  S1: 'revisions are contiguous, the chain holds, terms and times never run back, a term has one holder',
  S2: 'what was answered or sent out is in the log, and nothing of it ever leaves it',
  S3: 'no agent acts on a message of a term older than one it has seen',
  S4: 'a task is bound to one instance permanently, and its containers exist on one host only',
  S5: 'a task only moves forward, and STOPPED is final',
  S6: 'the containers of a STOPPED task are never started',
  S7: 'reservations never exceed what an instance has, and what remains is exact',
  S8: 'a fixed host port has one owner at most',
  S9: 'what runs is what the log says runs; nothing is taken for ended because an answer is missing, and nothing is left over',
  S10: 'rolling updates keep minimumHealthyPercent and maximumPercent at every step',
  S11: 'a service has one PRIMARY deployment; the circuit breaker counts right and rolls back to what completed last',
  S12: 'tasks are placed where constraints, attributes and strategy want them, and refused only where no place is',
  S13: 'the same client token or command id is done once, and answered the same again',
  S14: 'only ACTIVE, connected instances get tasks, and a deregistered one never comes back',
  S15: 'containers start and stop in the order of their dependencies, SIGKILL comes stopTimeout after SIGTERM, and a task ends with its essential containers and for no other reason',
  S16: 'state and views are exactly the fold of the log',
  S17: 'a secret stands where its owner has put it and nowhere else',
  S18: 'a refused request leaves nothing in the log, and everything in the log names who asked',
  S19: 'starts that fail again and again are spaced, ever more, until something goes well or the deployment is a new one',
  S20: 'nothing spins, and what has ended is kept for an hour and then no longer',
  S21: 'no answer rests on a state that was old when the command came, and readers are shown what the log says',
  S22: 'counts in views are those of counted tasks',
  S23: 'directives about a task go to the instance that holds it and not after its end; only the current session is believed, and only it acts',
  S25: 'a task has an address of its own on its host, and the log has it as the host does',
  S26: 'what the containers of a task share is there before them and goes after them',
  S27: 'a task runs on a host that takes its launch type, and callers see no host of the Fargate pool',
  S28: 'every task of a deployment runs the images that the deployment has settled on',
  S29: 'a container is started again in place exactly when its restart policy says so, and not while its task stops',
  S30: 'an agent that drains ends when its tasks have ended, or at its limit',
  S31: 'of so many ended tasks and no more the containers stay',
  L1: 'running equals desired for every satisfiable service',
  L2: 'every accepted task is RUNNING, or STOPPED with a reason',
  L3: 'every task that is to stop has ended',
  L4: 'some process writes',
  L5: 'all views reach the head',
  L6: 'an agent that is there is connected and stays, one that is silent is not',
  L7: 'every deployment comes to an end that can',
  L8: 'no task waits for its address, or for the end of it',
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

/** Where checks report. The first violation ends the run: what follows from it shows nothing. */
export type ReportViolation = (invariant: InvariantName, facts: string) => void;
