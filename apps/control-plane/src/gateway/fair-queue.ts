/** The limits of a queue; all of them bind. */
export interface QueueLimits {
  /** Jobs that run at once. */
  readonly runningMax: number;
  /** Jobs of one principal that run at once, so that what never ends leaves room for others. */
  readonly runningPerPrincipalMax: number;
  readonly waitingPerPrincipalMax: number;
  readonly bytesWaitingPerPrincipalMax: number;
  /** A job that has waited longer is refused: its caller hears that in time to slow down. */
  readonly waitMsMax: number;
  /** How long jobs are started in one turn of the event loop; timers, health checks and other requests go on between. */
  readonly turnMsMax: number;
}

/** How often those that wait are looked at while nothing ends. */
const LATE_CHECK_MS = 50;

interface Waiting {
  readonly since: number;
  readonly bytes: number;
  readonly start: () => void;
  readonly refuse: () => void;
}

interface Principal {
  running: number;
  bytes: number;
  readonly waiting: Waiting[];
}

/**
 * Lets jobs run at once while there is room, and else in turns by principal: who asks for much waits for that, and not
 * the others. Bounded in every direction; what does not fit is refused at once.
 */
export class FairQueue {
  readonly #limits: QueueLimits;
  readonly #now: () => number;
  /** Those with jobs that run or wait; who waits longest for a turn is first. */
  readonly #principals = new Map<string, Principal>();
  #running = 0;
  #waiting = 0;
  #turnMs = 0;
  #isTurnScheduled = false;
  #lateCheck: NodeJS.Timeout | undefined;

  constructor(limits: QueueLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Jobs that wait. */
  get length(): number {
    return this.#waiting;
  }

  /** What the job ends with, or what `refuse` gives when there is no room for it. */
  run<Result>(name: string, bytes: number, job: () => Promise<Result>, refuse: () => Result): Promise<Result> {
    const principal = this.#principalOf(name);
    if (this.#waiting === 0 && this.#mayStart(principal)) return this.#start(name, principal, job);
    if (!this.#fits(principal, bytes)) {
      this.#leave(name, principal);
      return Promise.resolve(refuse());
    }
    this.#scheduleTurn();
    return new Promise((resolve) => {
      principal.waiting.push({
        since: this.#now(),
        bytes,
        start: () => resolve(this.#start(name, principal, job)),
        refuse: () => resolve(refuse()),
      });
      principal.bytes += bytes;
      this.#waiting += 1;
    });
  }

  #principalOf(name: string): Principal {
    let principal = this.#principals.get(name);
    if (principal === undefined) {
      principal = { running: 0, bytes: 0, waiting: [] };
      this.#principals.set(name, principal);
    }
    return principal;
  }

  #mayStart({ running }: Principal): boolean {
    const { runningMax, runningPerPrincipalMax, turnMsMax } = this.#limits;
    return this.#running < runningMax && running < runningPerPrincipalMax && this.#turnMs < turnMsMax;
  }

  #fits({ waiting, bytes }: Principal, more: number): boolean {
    const { waitingPerPrincipalMax, bytesWaitingPerPrincipalMax } = this.#limits;
    return waiting.length < waitingPerPrincipalMax && bytes + more <= bytesWaitingPerPrincipalMax;
  }

  async #start<Result>(name: string, principal: Principal, job: () => Promise<Result>): Promise<Result> {
    this.#running += 1;
    principal.running += 1;
    const startedAt = this.#now();
    this.#scheduleTurn();
    try {
      const result = job();
      this.#turnMs += this.#now() - startedAt;
      return await result;
    } finally {
      this.#running -= 1;
      principal.running -= 1;
      this.#leave(name, principal);
      if (this.#waiting > 0) this.#scheduleTurn();
    }
  }

  #leave(name: string, { running, waiting }: Principal): void {
    if (running === 0 && waiting.length === 0) this.#principals.delete(name);
  }

  #scheduleTurn(): void {
    if (this.#isTurnScheduled) return;
    this.#isTurnScheduled = true;
    setImmediate(() => {
      this.#isTurnScheduled = false;
      this.#turnMs = 0;
      this.#serveInTurns();
      if (this.#waiting === 0) return;
      if (this.#turnMs >= this.#limits.turnMsMax) this.#scheduleTurn();
      else if (this.#lateCheck === undefined) this.#lateCheck = this.#checkLater();
    });
  }

  /** Nothing ends, so nothing starts: those that wait are told when it has been too long. */
  #checkLater(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#lateCheck = undefined;
      if (this.#waiting > 0) this.#scheduleTurn();
    }, LATE_CHECK_MS).unref();
  }

  #serveInTurns(): void {
    // Whoever is served goes behind the others and is met again there.
    for (const [name, principal] of this.#principals) this.#serveOne(name, principal);
  }

  /** One job of a principal, if it has one: starts it when there is room, or refuses it when it is too late. */
  #serveOne(name: string, principal: Principal): void {
    const next = principal.waiting[0];
    if (next === undefined) return;
    const isLate = this.#now() - next.since > this.#limits.waitMsMax;
    if (!isLate && !this.#mayStart(principal)) return;
    principal.waiting.shift();
    principal.bytes -= next.bytes;
    this.#waiting -= 1;
    this.#principals.delete(name);
    this.#principals.set(name, principal);
    if (isLate) next.refuse();
    else next.start();
    this.#leave(name, principal);
  }
}
