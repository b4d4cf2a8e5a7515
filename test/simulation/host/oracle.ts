import { PAUSE_CONTAINER_NAME } from '#libs/agents/core';
import type { ContainerObservation, InventoryItem } from '#libs/agents/core';

/** Where a container stands: the machine, and the container instance that its agent says it is. */
export interface Place {
  readonly host: string;
  readonly instanceId: string;
}

/** A time in which a container ran (ms, by the clock of its machine), and how it ended. */
export interface Run {
  readonly durationMs: number;
  readonly exitCode: number;
}

/** One container that exists or existed, as it truly was. */
export interface TrueContainer extends Place {
  readonly taskId: string;
  readonly containerName: string;
  readonly runtimeId: string;
  /** It holds what the others of its task share. */
  readonly isPause: boolean;
  readonly imageDigest: string | null;
  /** The address that its task has through it. */
  address: string | null;
  /** How often it was started. */
  starts: number;
  /** Its run before this one, as its machine's clock measured it; null: there was none, or its end is unknown. */
  lastRun: Run | null;
  phase: 'CREATED' | 'RUNNING' | 'STOPPED' | 'GONE';
  startedAt: number | null;
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
  /** It holds an address from now on. */
  addressed(container: TrueContainer): void;
  /** It does not exist any more. */
  gone(container: TrueContainer): void;
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
  #listener: OracleListener = { created: () => {}, started: () => {}, addressed: () => {}, gone: () => {} };

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
      const known = this.#containers.get(item.runtimeId) ?? this.#appeared(place, item, standing, look);
      if (known.phase !== item.phase) this.#changed(known, item.phase, look);
      if (known.isPause && known.address === null) this.#lookForAddress(known, look);
    }
    if (items.length === standing.size) return;
    const listed = new Set(items.map(({ runtimeId }) => runtimeId));
    const gone: TrueContainer[] = [];
    for (const container of standing) {
      if (listed.has(container.runtimeId)) continue;
      if (container.phase === 'RUNNING') this.#ended(container, undefined);
      container.phase = 'GONE';
      standing.delete(container);
      gone.push(container);
    }
    for (const container of gone) this.#listener.gone(container);
  }

  #changed(known: TrueContainer, phase: InventoryItem['phase'], look: Look): void {
    // One that ended between two looks has run all the same.
    const hasRun = known.startedAt !== null;
    if (phase !== 'CREATED' && (phase === 'RUNNING' || !hasRun)) this.#started(known, look);
    known.phase = phase;
    if (phase === 'STOPPED') this.#ended(known, look(known.runtimeId));
  }

  #lookForAddress(known: TrueContainer, look: Look): void {
    known.address = look(known.runtimeId)?.networkInterface?.privateIpv4Address ?? null;
    if (known.address !== null) this.#listener.addressed(known);
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
    look: Look,
  ): TrueContainer {
    const container: TrueContainer = {
      host,
      instanceId,
      taskId,
      containerName,
      runtimeId,
      isPause: containerName === PAUSE_CONTAINER_NAME,
      imageDigest: look(runtimeId)?.imageDigest ?? null,
      address: null,
      starts: 0,
      lastRun: null,
      phase: 'CREATED',
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
    container.startedAt = this.#now();
    container.endedAt = null;
    container.exitCode = null;
    container.starts += 1;
    container.wasHealthy = look(container.runtimeId)?.healthStatus === 'HEALTHY';
    this.#listener.started(container);
  }

  #ended(container: TrueContainer, seen: ContainerObservation | undefined): void {
    container.endedAt = this.#now();
    container.exitCode = seen?.exitCode ?? null;
    const { exitCode, startedAt, finishedAt } = seen ?? {};
    const isKnown = exitCode !== undefined && startedAt !== undefined && finishedAt !== undefined;
    container.lastRun = isKnown ? { exitCode, durationMs: finishedAt - startedAt } : null;
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
