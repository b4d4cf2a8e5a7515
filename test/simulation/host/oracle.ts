import type { ContainerObservation, InventoryItem } from '#libs/agents/core';

/** Where a container stands: the machine, and the container instance that its agent says it is. */
export interface Place {
  readonly host: string;
  readonly instanceId: string;
}

/** One container that exists or existed, as it truly was. */
export interface TrueContainer extends Place {
  readonly taskId: string;
  readonly containerName: string;
  readonly runtimeId: string;
  phase: 'CREATED' | 'RUNNING' | 'STOPPED' | 'GONE';
  /** How often it was started: more than once by its restart policy. */
  starts: number;
  /** Of its latest run. */
  startedAt: number | null;
  /** null: it has never ended, or runs again. */
  endedAt: number | null;
  /** null: it has not ended, or that is unknown. */
  exitCode: number | null;
  /** Its health check has succeeded at some time. */
  wasHealthy: boolean;
}

/** Who looks at what truly happens to containers. */
export interface OracleListener {
  created(container: TrueContainer): void;
  started(container: TrueContainer): void;
}

/** What an engine knows about one container of its own. */
export type Look = (runtimeId: string) => ContainerObservation | undefined;

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
  observe(place: Place, items: readonly InventoryItem[], look: Look): void {
    const standing = this.#hostSet(place.host);
    for (const item of items) {
      const known = this.#containers.get(item.runtimeId) ?? this.#appeared(place, item, standing);
      if (known.phase === item.phase) continue;
      // One that ended between two looks has run all the same.
      const hasRun = known.startedAt !== null;
      if (item.phase !== 'CREATED' && (item.phase === 'RUNNING' || !hasRun)) this.#started(known, look);
      known.phase = item.phase;
      if (item.phase === 'STOPPED') this.#ended(known, look(known.runtimeId)?.exitCode);
    }
    if (items.length === standing.size) return;
    const listed = new Set(items.map(({ runtimeId }) => runtimeId));
    for (const container of standing) {
      if (listed.has(container.runtimeId)) continue;
      if (container.phase === 'RUNNING') this.#ended(container, undefined);
      container.phase = 'GONE';
      standing.delete(container);
    }
  }

  /** A health check has changed its mind. */
  noteHealth(runtimeId: string, look: Look): void {
    const container = this.#containers.get(runtimeId);
    if (container !== undefined) container.wasHealthy ||= look(runtimeId)?.healthStatus === 'HEALTHY';
  }

  ofTask(taskId: string): readonly TrueContainer[] {
    return this.#byTask.get(taskId) ?? [];
  }

  ofName(taskId: string, containerName: string): readonly TrueContainer[] {
    return this.ofTask(taskId).filter((container) => container.containerName === containerName);
  }

  /** Every container that runs now. */
  *running(): Generator<TrueContainer> {
    for (const container of this.standing()) if (container.phase === 'RUNNING') yield container;
  }

  /** Every container that exists now, whatever its phase. */
  *standing(): Generator<TrueContainer> {
    for (const standing of this.#byHost.values()) yield* standing;
  }

  #appeared(
    { host, instanceId }: Place,
    { taskId, containerName, runtimeId }: InventoryItem,
    standing: Set<TrueContainer>,
  ): TrueContainer {
    const container: TrueContainer = {
      host,
      instanceId,
      taskId,
      containerName,
      runtimeId,
      phase: 'CREATED',
      starts: 0,
      startedAt: null,
      endedAt: null,
      exitCode: null,
      wasHealthy: false,
    };
    this.#containers.set(runtimeId, container);
    standing.add(container);
    const siblings = this.#byTask.get(taskId);
    if (siblings === undefined) this.#byTask.set(taskId, [container]);
    else siblings.push(container);
    this.#listener.created(container);
    return container;
  }

  #started(container: TrueContainer, look: Look): void {
    container.starts += 1;
    Object.assign(container, { startedAt: this.#now(), endedAt: null, exitCode: null });
    container.wasHealthy = look(container.runtimeId)?.healthStatus === 'HEALTHY';
    this.#listener.started(container);
  }

  #ended(container: TrueContainer, exitCode: number | undefined): void {
    container.endedAt = this.#now();
    container.exitCode = exitCode ?? null;
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
