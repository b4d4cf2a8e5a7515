/** The limits of a queue; all of them bind. */
export interface QueueLimits {
  /** Jobs that run at once. */
  readonly runningMax: number;
  /** Jobs of one principal that run at once, so that what never ends leaves room for others. */
  readonly runningPerPrincipalMax: number;
  readonly waitingPerPrincipalMax: number;
  readonly bytesWaitingPerPrincipalMax: number;
  /** A job that has waited longer, and has no room still, is refused: its caller hears that in time to slow down. */
  readonly waitMsMax: number;
  /**
   * How long jobs are started in one turn of the event loop: for as long as everything else took before it, within these
   * bounds. Timers, health pages and other requests go on between, and cannot take all of the time either.
   */
  readonly turnMsMin: number;
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
  #turnMsAllowed: number;
  #isTurnScheduled = false;
  #lateCheck: NodeJS.Timeout | undefined;

  constructor(limits: QueueLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
    this.#turnMsAllowed = limits.turnMsMin;
  }

  /** Jobs that wait. */
  get length(): number {
    return this.#waiting;
  }

  /** Whether one more job of a principal would be taken. */
  hasRoomFor(name: string, bytes: number): boolean {
    const principal = this.#principals.get(name);
    return principal === undefined || this.#fits(principal, bytes);
  }

  /** What the job ends with, or what `refuse` gives when it does not fit. */
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
    const { runningMax, runningPerPrincipalMax } = this.#limits;
    return this.#running < runningMax && running < runningPerPrincipalMax && this.#turnMs < this.#turnMsAllowed;
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
    const scheduledAt = this.#now();
    setImmediate(() => {
      this.#isTurnScheduled = false;
      this.#takeTurn(this.#now() - scheduledAt);
    });
  }

  /** `waitedMs`: what everything else took, since the turn was asked for. */
  #takeTurn(waitedMs: number): void {
    const { turnMsMin, turnMsMax } = this.#limits;
    this.#turnMs = 0;
    this.#turnMsAllowed = Math.min(Math.max(waitedMs, turnMsMin), turnMsMax);
    // One that is served goes behind the others and is met again there.
    for (const [name, principal] of this.#principals) this.#serveOne(name, principal);
    const isTimeUp = this.#turnMs >= this.#turnMsAllowed;
    this.#turnMs = 0;
    this.#turnMsAllowed = turnMsMin;
    if (this.#waiting === 0) return;
    if (isTimeUp) this.#scheduleTurn();
    else if (this.#lateCheck === undefined) this.#lateCheck = this.#checkLater();
  }

  /** Nothing ends, so nothing starts: those that have waited too long are refused. */
  #checkLater(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#lateCheck = undefined;
      if (this.#waiting > 0) this.#scheduleTurn();
    }, LATE_CHECK_MS).unref();
  }

  /** One job of a principal, if it has one: starts it when there is room, or refuses it when it has waited too long. */
  #serveOne(name: string, principal: Principal): void {
    const next = principal.waiting[0];
    if (next === undefined) return;
    const mayStart = this.#mayStart(principal);
    if (!mayStart && this.#now() - next.since <= this.#limits.waitMsMax) return;
    principal.waiting.shift();
    principal.bytes -= next.bytes;
    this.#waiting -= 1;
    this.#principals.delete(name);
    this.#principals.set(name, principal);
    if (mayStart) next.start();
    else next.refuse();
    this.#leave(name, principal);
  }
}
