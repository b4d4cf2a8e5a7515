import type { Response } from '#libs/engine';
import type { SimWorld } from '../sim-world.ts';
import { Chance } from '../world/chance.ts';
import { CALLER_END } from '../world/names.ts';

const COUNTERS = ['a', 'b', 'c'] as const;
const AMOUNT_MAX = 9;
const MEAN_PAUSE_MS = 5_000;
const ANSWER_TIMEOUT_MS = 12_000;
const RETRY_PAUSE_MS = 2_000;

/** Callers of a context of counters: each addition is sent until it is answered, under the same id. */
export class Counting {
  readonly #world: SimWorld;
  readonly #context: string;
  readonly #chance: Chance;
  /** What every counter must come to, once all additions have been answered. */
  readonly totals = new Map<string, number>();
  #calls = 0;
  unanswered = 0;

  constructor(world: SimWorld, context: string) {
    this.#world = world;
    this.#context = context;
    this.#chance = new Chance(`${world.seed}/counting`);
    this.#next();
  }

  #next(): void {
    this.#world.clock.after(this.#chance.between(1, 2 * MEAN_PAUSE_MS), () => {
      if (!this.#world.faults.isOn) return;
      this.#add();
      this.#next();
    });
  }

  #add(): void {
    const counter = this.#chance.pick(COUNTERS) ?? 'a';
    const amount = this.#chance.between(0, AMOUNT_MAX);
    this.totals.set(counter, (this.totals.get(counter) ?? 0) + amount);
    this.#calls += 1;
    this.unanswered += 1;
    this.#send(`add-${this.#calls}`, { counter, amount });
  }

  #send(callId: string, input: { readonly counter: string; readonly amount: number }): void {
    const { clock, network, controlPlanes } = this.#world;
    let isOver = false;
    const finish = (response: Response | null): void => {
      if (isOver) return;
      isOver = true;
      if (response !== null && 'output' in response) this.unanswered -= 1;
      else clock.after(RETRY_PAUSE_MS, () => this.#send(callId, input));
    };
    clock.after(ANSWER_TIMEOUT_MS, () => finish(null));
    const there = this.#chance.pick(controlPlanes);
    if (there === undefined) return;
    const caller = { principal: 'nats:counter', source: 'nats', requestId: callId, callId, sent: input } as const;
    network.send(CALLER_END, there.name, input, (received) =>
      there.process.run(() =>
        there.engine?.gateway.serve(this.#context, 'Add', received, caller, (response) =>
          network.send(there.name, CALLER_END, response, finish),
        ),
      ),
    );
  }
}
