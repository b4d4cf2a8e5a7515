import type { Chance } from './chance.ts';
import type { Trace } from './trace.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Thrown at a crash point; unwinds to the process, which is then gone. Nothing else catches it. */
export class ProcessCrashed extends Error {
  constructor(where: string) {
    super(`crashed ${where}`);
    this.name = 'ProcessCrashed';
  }
}

/**
 * One process of the world: it can die at any step and take all of its timers and answers with it. Everything that it is
 * to do later goes through `after`, so that nothing of an earlier life happens in a later one.
 */
export class SimProcess {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly #trace: Trace;
  readonly #chance: Chance;
  #life = 0;
  #alive = false;
  /** Probability of a crash at each crash point. */
  crashPointProbability = 0;
  /** How often it died. */
  crashes = 0;
  onDeath: (() => void) | undefined;

  constructor(name: string, clock: VirtualClock, trace: Trace, chance: Chance) {
    this.name = name;
    this.clock = clock;
    this.#trace = trace;
    this.#chance = chance;
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  /** Which life this is; 0 before the first. */
  get life(): number {
    return this.#life;
  }

  start(): void {
    this.#life += 1;
    this.#alive = true;
  }

  /** Gone at once: kill -9, power cut. */
  kill(why: string): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.crashes += 1;
    this.#trace.note(`${this.name} dies: ${why}`);
    this.onDeath?.();
  }

  /** Runs something in this process; a crash in it ends the process and nothing else. */
  run(act: () => void): void {
    if (!this.#alive) return;
    try {
      act();
    } catch (error) {
      if (!(error instanceof ProcessCrashed)) throw error;
      this.kill(error.message);
    }
  }

  /** Later in this life, or never. Returns a function that cancels it. */
  after(delayMs: number, act: () => void): () => void {
    const life = this.#life;
    return this.clock.after(delayMs, () => {
      if (life === this.#life) this.run(act);
    });
  }

  /** A callback that outsiders may call; it only works in this life. */
  guarded<Arguments extends readonly unknown[]>(act: (...args: Arguments) => void): (...args: Arguments) => void {
    const life = this.#life;
    return (...args) => {
      if (life === this.#life) this.run(() => act(...args));
    };
  }

  /** The same for a question to several: the first answer counts, as in a NATS request. */
  first<Answer>(act: (answer: Answer) => void): (answer: Answer) => void {
    let isAnswered = false;
    return this.guarded((answer: Answer) => {
      if (isAnswered) return;
      isAnswered = true;
      act(answer);
    });
  }

  /** Between two steps: here the process may die. */
  crashPoint(where: string): void {
    if (this.#chance.happens(this.crashPointProbability)) throw new ProcessCrashed(where);
  }
}
