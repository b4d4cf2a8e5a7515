import { createInterface } from 'node:readline';
import type Docker from 'dockerode';

const WAIT_SECONDS_MAX = 120;

interface EngineEvent {
  readonly Action: string;
  readonly id: string;
  readonly Actor: { readonly Attributes: Readonly<Record<string, string>> };
}

/**
 * What the engine says of containers with one label: the same clock and the same measure for whoever starts and stops them.
 * Pause containers, which nobody asked for, do not count.
 */
export class EngineEvents {
  readonly #stream: NodeJS.ReadableStream & { destroy?: () => void };
  readonly #seen = { start: new Set<string>(), die: new Set<string>() };
  #waiting: { readonly action: 'start' | 'die'; readonly count: number; readonly done: (at: number) => void } | null =
    null;

  private constructor(stream: NodeJS.ReadableStream) {
    this.#stream = stream;
    createInterface({ input: stream }).on('line', (line) => this.#take(line));
  }

  /** @param label `name` or `name=value` */
  static async open(docker: Docker, label: string): Promise<EngineEvents> {
    const filters = { type: ['container'], event: ['start', 'die'], label: [label] };
    return new EngineEvents(await docker.getEvents({ filters: JSON.stringify(filters) }));
  }

  /** Resolves with the moment (`performance.now()`) at which so many containers have started or died since this call. */
  async next(action: 'start' | 'die', count: number): Promise<number> {
    this.#seen[action].clear();
    const timeout = AbortSignal.timeout(WAIT_SECONDS_MAX * 1_000);
    return await new Promise<number>((resolve, reject) => {
      timeout.addEventListener('abort', () => {
        const seen = this.#seen[action].size;
        reject(new Error(`${seen} of ${count} containers saw ${action} within ${WAIT_SECONDS_MAX} s`));
      });
      this.#waiting = { action, count, done: resolve };
    });
  }

  close(): void {
    this.#stream.destroy?.();
  }

  #take(line: string): void {
    if (line === '') return;
    const { Action: action, id, Actor: actor } = JSON.parse(line) as EngineEvent;
    if (action !== 'start' && action !== 'die') return;
    if (actor.Attributes['com.amazonaws.ecs.container-name']?.startsWith('~internal~') === true) return;
    this.#seen[action].add(id);
    const waiting = this.#waiting;
    if (waiting === null || waiting.action !== action || this.#seen[action].size < waiting.count) return;
    this.#waiting = null;
    waiting.done(performance.now());
  }
}
