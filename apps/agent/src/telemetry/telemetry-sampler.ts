import type { HostTask, KnownContainer } from '#libs/agents/core';
import type { ContainerMetrics, TaskMetrics } from '#libs/agents/protocol';
import { ContainerSeries } from '#libs/agents/telemetry';
import type { ContainerRuntime } from '#libs/container-runtime';
import type { Logger } from 'pino';
import { containerFilesOf, readContainer, readNetwork } from './container-files.ts';
import type { ContainerFiles } from './container-files.ts';
import type { HostFiles } from './host-files.ts';

export interface TelemetrySamplerOptions {
  readonly tasks: () => Iterable<HostTask>;
  readonly runtime: Pick<ContainerRuntime, 'describe'>;
  readonly files: HostFiles;
  /** Cores of the machine. */
  readonly cpus: number;
  readonly log: Logger;
}

type Container = Readonly<KnownContainer>;

/** One run of a container that is measured. */
interface Run {
  readonly startedAt: number | null;
  readonly series: ContainerSeries;
  /** null: being looked for. undefined: not on this machine, so not measured. */
  files: ContainerFiles | null | undefined;
  isSeen: boolean;
}

/** Measures the containers of a host that run, each by its files in the kernel, and gathers the values of an interval. */
export class TelemetrySampler {
  readonly #options: TelemetrySamplerOptions;
  /** By the runtime's id. */
  readonly #runs = new Map<string, Run>();

  constructor(options: TelemetrySamplerOptions) {
    this.#options = options;
  }

  /** @param now ms of a clock that never jumps */
  sample(now: number): void {
    for (const run of this.#runs.values()) run.isSeen = false;
    for (const task of this.#options.tasks()) {
      const owner = networkOwnerOf(task);
      for (const container of task.known.containers) {
        const mode = task.definition?.networkMode ?? 'bridge';
        this.#measure(container, now, mode === 'bridge');
      }
      if (owner !== null) this.#measure(owner, now, true);
    }
    for (const [runtimeId, run] of this.#runs) if (!run.isSeen) this.#runs.delete(runtimeId);
  }

  /** What was measured since the last time, of tasks that have something to show. */
  take(): readonly TaskMetrics[] {
    return [...this.#options.tasks()].flatMap((task) => this.#taskMetrics(task) ?? []);
  }

  #measure(container: Container, now: number, withNetwork: boolean): void {
    const { runtimeId, phase, startedAt } = container;
    if (phase !== 'RUNNING' || runtimeId === null) return;
    const before = this.#runs.get(runtimeId);
    // One that was started again is another process, whose counters begin anew.
    const run = before?.startedAt === startedAt ? before : this.#newRun(runtimeId, startedAt);
    run.isSeen = true;
    if (run.files === null || run.files === undefined) return;
    const reading = readContainer(this.#options.files, run.files);
    if (reading === undefined) return run.series.missed();
    const network = withNetwork ? readNetwork(this.#options.files, run.files) : undefined;
    run.series.add({ ...reading, network }, now);
  }

  #newRun(runtimeId: string, startedAt: number | null): Run {
    const run: Run = {
      startedAt,
      series: new ContainerSeries(this.#options.cpus),
      files: null,
      isSeen: true,
    };
    this.#runs.set(runtimeId, run);
    this.#find(runtimeId, run).catch((error: unknown) => {
      this.#options.log.debug({ err: error, runtimeId }, 'a container is not measured yet');
      // Looked for again with the next sample.
      if (this.#runs.get(runtimeId) === run) this.#runs.delete(runtimeId);
    });
    return run;
  }

  async #find(runtimeId: string, run: Run): Promise<void> {
    const facts = await this.#options.runtime.describe(runtimeId);
    run.files = facts?.pid === undefined ? undefined : containerFilesOf(this.#options.files, runtimeId, facts.pid);
  }

  #taskMetrics(task: HostTask): TaskMetrics | undefined {
    const { wanted, definition, known } = task;
    if (wanted === undefined || definition === undefined) return undefined;
    const containerMetrics = known.containers.flatMap((container) => this.#containerMetrics(task, container) ?? []);
    const owner = networkOwnerOf(task);
    const shared = owner === null ? undefined : this.#take(owner)?.networkStatsSet;
    if (containerMetrics.length === 0 && shared === undefined) return undefined;
    return {
      taskId: known.taskId,
      taskArn: wanted.taskArn,
      group: wanted.group,
      taskDefinitionFamily: definition.family,
      taskDefinitionVersion: String(definition.revision),
      ...(shared === undefined ? {} : { networkStatsSet: shared }),
      containerMetrics,
    };
  }

  #containerMetrics({ definition }: HostTask, container: Container): ContainerMetrics | undefined {
    const taken = this.#take(container);
    if (taken === undefined) return undefined;
    const { name, restartCount } = container;
    const own = definition?.containerDefinitions.find((one) => one.name === name);
    const restarts = own?.restartPolicy?.enabled === true ? { restartCount } : {};
    return { containerName: name, ...taken, ...restarts };
  }

  #take({ runtimeId }: Container): ReturnType<ContainerSeries['take']> {
    return runtimeId === null ? undefined : this.#runs.get(runtimeId)?.series.take();
  }
}

/** The container whose network the others of its task share. */
function networkOwnerOf({ definition, known }: HostTask): Container | null {
  return definition?.networkMode === 'awsvpc' ? known.pause : null;
}
