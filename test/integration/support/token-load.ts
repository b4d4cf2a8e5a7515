import { setTimeout as pause } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { ecsCall, Refusal } from './ecs-call.ts';

const CALLERS = 6;
const TASKS_PER_CALL = 2;
/** Between two calls of one caller: load, not a flood that the checks afterwards must wade through. */
const CALL_PAUSE_MS = 15;
const RETRY_PAUSE_MS = 50;
const ANSWERS_PAUSE_MS = 20;

interface RunTaskAnswer {
  readonly tasks: readonly { readonly taskArn: string }[];
  readonly failures: readonly object[];
}

/** Callers that each run tasks with a token, and ask with the same token until they are answered. */
export class TokenLoad {
  /** What each token was answered: ids of its tasks. */
  readonly accepted = new Map<string, readonly string[]>();
  /** Calls that got no answer or an error that asks to try again. */
  retries = 0;
  readonly #nc: NatsConnection;
  readonly #callers: Promise<unknown>;
  #error: unknown = null;
  #stopping = false;

  constructor(nc: NatsConnection) {
    this.#nc = nc;
    this.#callers = Promise.all(Array.from({ length: CALLERS }, (_, caller) => this.#repeat(caller)));
    this.#callers.catch((error: unknown) => {
      this.#error = error;
      this.#stopping = true;
    });
  }

  /** Waits for so many more answers: somebody serves. @throws what ended the load */
  async answers(more: number): Promise<void> {
    const enough = this.accepted.size + more;
    while (this.accepted.size < enough) {
      if (this.#error !== null) throw this.#error;
      await pause(ANSWERS_PAUSE_MS);
    }
  }

  /** Lets the calls under way come to their answers. @throws the first error that no retry helps against */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#callers;
  }

  /** The same call once more. */
  async again(token: string): Promise<readonly string[]> {
    return this.#run(token);
  }

  async #repeat(caller: number): Promise<void> {
    for (let call = 0; !this.#stopping; call++) {
      const token = `caller-${caller}-call-${call}`;
      this.accepted.set(token, await this.#run(token));
      await pause(CALL_PAUSE_MS);
    }
  }

  async #run(clientToken: string): Promise<readonly string[]> {
    for (;;) {
      try {
        const input = { taskDefinition: 'app', count: TASKS_PER_CALL, clientToken };
        const { tasks, failures } = await ecsCall<RunTaskAnswer>(this.#nc, 'RunTask', input);
        if (tasks.length !== TASKS_PER_CALL) throw new Refusal(400, `${clientToken}: ${JSON.stringify(failures)}`);
        return tasks.map(({ taskArn }) => taskArn.split('/').at(-1) ?? '');
      } catch (error) {
        // What a client may not repeat is a defect here: nothing about these calls is wrong.
        if (error instanceof Refusal && error.status < 500) throw error;
        this.retries += 1;
        await pause(RETRY_PAUSE_MS);
      }
    }
  }
}
