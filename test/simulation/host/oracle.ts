import type { InventoryItem } from '#libs/agent-core';

/** One container that exists or existed, as it truly was. */
export interface TrueContainer {
  readonly host: string;
  readonly taskId: string;
  readonly containerName: string;
  readonly runtimeId: string;
  phase: 'CREATED' | 'RUNNING' | 'STOPPED' | 'GONE';
  startedAt: number | null;
}

/** Who looks at what truly happens to containers. */
export interface OracleListener {
  created(container: TrueContainer): void;
  started(container: TrueContainer): void;
}

/**
 * The truth about containers, beside what anybody reports of them: which container of which task stood on which host, and
 * when it ran.
 */
export class Oracle {
  readonly #now: () => number;
  readonly #containers = new Map<string, TrueContainer>();
  readonly #byTask = new Map<string, TrueContainer[]>();
  readonly #byHost = new Map<string, Set<TrueContainer>>();
  #listener: OracleListener = { created: () => {}, started: () => {} };

  constructor(now: () => number) {
    this.#now = now;
  }

  listen(listener: OracleListener): void {
    this.#listener = listener;
  }

  /** All containers of a host as they stand now. */
  observe(host: string, items: readonly InventoryItem[]): void {
    const standing = this.#hostSet(host);
    for (const item of items) {
      const known = this.#containers.get(item.runtimeId) ?? this.#appeared(host, item, standing);
      if (known.phase === item.phase) continue;
      // One that ended between two looks has run all the same.
      const hasRun = known.startedAt !== null;
      if (item.phase !== 'CREATED' && (item.phase === 'RUNNING' || !hasRun)) this.#started(known);
      known.phase = item.phase;
    }
    if (items.length === standing.size) return;
    const listed = new Set(items.map(({ runtimeId }) => runtimeId));
    for (const container of standing) {
      if (listed.has(container.runtimeId)) continue;
      container.phase = 'GONE';
      standing.delete(container);
    }
  }

  ofTask(taskId: string): readonly TrueContainer[] {
    return this.#byTask.get(taskId) ?? [];
  }

  /** Every container that runs now. */
  *running(): Generator<TrueContainer> {
    for (const standing of this.#byHost.values()) {
      for (const container of standing) if (container.phase === 'RUNNING') yield container;
    }
  }

  #appeared(
    host: string,
    { taskId, containerName, runtimeId }: InventoryItem,
    standing: Set<TrueContainer>,
  ): TrueContainer {
    const container: TrueContainer = { host, taskId, containerName, runtimeId, phase: 'CREATED', startedAt: null };
    this.#containers.set(runtimeId, container);
    standing.add(container);
    const siblings = this.#byTask.get(taskId);
    if (siblings === undefined) this.#byTask.set(taskId, [container]);
    else siblings.push(container);
    this.#listener.created(container);
    return container;
  }

  #started(container: TrueContainer): void {
    container.startedAt = this.#now();
    this.#listener.started(container);
  }

  #hostSet(host: string): Set<TrueContainer> {
    let standing = this.#byHost.get(host);
    if (standing === undefined) {
      standing = new Set();
      this.#byHost.set(host, standing);
    }
    return standing;
  }
}
