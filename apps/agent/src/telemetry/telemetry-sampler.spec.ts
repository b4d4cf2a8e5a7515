import { beforeEach, describe, expect, test } from '@jest/globals';
import type { HostTask, KnownContainer } from '#libs/agents/core';
import type { ContainerFacts } from '#libs/container-runtime';
import type { ContainerDefinition, TaskDefinition } from '#libs/ecs/messages';
import { createLogger } from '#libs/platform';
import { definitionOf, wantedTask } from '../../spec/tasks.ts';
import { TelemetrySampler } from './telemetry-sampler.ts';

const MIB = 1024 * 1024;
const MOUNTS = '30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n';

/** A machine with cgroups of version 2, whose containers have used what a spec says. */
class FakeMachine {
  readonly files = new Map<string, string>([['/proc/self/mountinfo', MOUNTS]]);
  /** First processes, by the runtime's id. */
  readonly pids = new Map<string, number>();
  isAway = false;

  run(runtimeId: string, pid: number): void {
    this.pids.set(runtimeId, pid);
    this.files.set(`/proc/${pid}/cgroup`, `0::/docker/${runtimeId}\n`);
    this.use(runtimeId, 0);
  }

  /** So many seconds of CPU, MiB and bytes. */
  use(runtimeId: string, count: number): void {
    const folder = `/sys/fs/cgroup/docker/${runtimeId}`;
    this.files.set(`${folder}/cpu.stat`, `usage_usec ${count * 1_000_000}\n`);
    this.files.set(`${folder}/memory.current`, `${count * MIB}\n`);
    this.files.set(`${folder}/memory.stat`, 'inactive_file 0\n');
    this.files.set(`${folder}/io.stat`, `8:0 rbytes=${count} wbytes=${count}\n`);
    this.files.set(`/proc/${this.pids.get(runtimeId)}/net/dev`, `eth0:${count} 0 0 0 0 0 0 0 ${count} 0 0 0 0 0 0 0\n`);
  }

  end(runtimeId: string): void {
    for (const path of this.files.keys()) if (path.includes(runtimeId)) this.files.delete(path);
  }

  describe(runtimeId: string): Promise<ContainerFacts | null> {
    const pid = this.pids.get(runtimeId);
    if (this.isAway) return Promise.reject(new Error('no answer'));
    return Promise.resolve(pid === undefined ? null : ({ runtimeId, pid } as ContainerFacts));
  }
}

const running = (name: string, members: Partial<KnownContainer> = {}): KnownContainer =>
  ({ name, phase: 'RUNNING', runtimeId: `id-${name}`, startedAt: 1, restartCount: 0, ...members }) as KnownContainer;

function hostTask(
  known: { readonly containers: readonly KnownContainer[]; readonly pause?: KnownContainer },
  task: Partial<TaskDefinition> = {},
  container: Partial<ContainerDefinition> = {},
): HostTask {
  const definition = { ...definitionOf('app:1', container), ...task };
  const wanted = wantedTask(definition);
  return {
    wanted,
    definition,
    known: { taskId: wanted.taskId, pause: null, ...known } as unknown as HostTask['known'],
  };
}

let machine: FakeMachine;
let tasks: HostTask[];
let sampler: TelemetrySampler;
let second: number;

beforeEach(() => {
  machine = new FakeMachine();
  tasks = [];
  second = 0;
  sampler = new TelemetrySampler({
    tasks: () => tasks,
    runtime: machine,
    files: { read: (path) => machine.files.get(path) ?? null },
    cpus: 4,
    log: createLogger('agent', 'silent'),
  });
});

/** Samples once, and lets what was asked of the engine come in. */
async function sample(): Promise<void> {
  sampler.sample(second * 1000);
  second += 1;
  await new Promise((resolve) => setImmediate(resolve));
}

describe('measuring the containers of a host', () => {
  test('one that runs, from when its process is known', async () => {
    machine.run('id-app', 42);
    tasks = [hostTask({ containers: [running('app', { restartCount: 3 })] }, {}, { restartPolicy: { enabled: true } })];
    await sample();
    expect(sampler.take()).toEqual([]);
    await sample();
    machine.use('id-app', 2);
    await sample();
    expect(sampler.take()).toEqual([
      {
        taskId: tasks[0]?.known.taskId,
        taskArn: tasks[0]?.wanted?.taskArn,
        group: 'family:spec',
        taskDefinitionFamily: 'spec',
        taskDefinitionVersion: '1',
        containerMetrics: [
          {
            containerName: 'app',
            cpuStatsSet: { min: 50, max: 50, sum: 50, sampleCount: 1 },
            memoryStatsSet: { min: 0, max: 2, sum: 2, sampleCount: 2 },
            networkStatsSet: {
              rxBytes: { min: 2, max: 2, sum: 2, sampleCount: 1 },
              txBytes: { min: 2, max: 2, sum: 2, sampleCount: 1 },
            },
            storageStatsSet: {
              readBytes: { min: 2, max: 2, sum: 2, sampleCount: 1 },
              writeBytes: { min: 2, max: 2, sum: 2, sampleCount: 1 },
            },
            restartCount: 3,
          },
        ],
      },
    ]);
  });

  test('one that was started again begins anew, with its new process', async () => {
    machine.run('id-app', 42);
    tasks = [hostTask({ containers: [running('app')] })];
    await sample();
    machine.use('id-app', 9);
    await sample();
    machine.run('id-app', 43);
    tasks = [hostTask({ containers: [running('app', { startedAt: 2 })] })];
    await sample();
    machine.use('id-app', 1);
    await sample();
    machine.use('id-app', 2);
    await sample();
    const [metrics] = sampler.take()[0]?.containerMetrics ?? [];
    expect(metrics).toMatchObject({
      cpuStatsSet: { min: 25, max: 25, sampleCount: 1 },
      networkStatsSet: { rxBytes: { sum: 1 } },
    });
  });

  test('one that has ended, or whose files are gone, gives no sample', async () => {
    machine.run('id-app', 42);
    tasks = [hostTask({ containers: [running('app')] })];
    await sample();
    await sample();
    sampler.take();
    machine.end('id-app');
    await sample();
    expect(sampler.take()).toEqual([]);
    tasks = [hostTask({ containers: [running('app', { phase: 'STOPPED' })] })];
    await sample();
    expect(sampler.take()).toEqual([]);
  });

  test('one whose pid is that of another process here runs on another machine: it is not measured', async () => {
    machine.run('id-app', 42);
    machine.files.set('/proc/42/cgroup', '0::/docker/other\n');
    tasks = [hostTask({ containers: [running('app')] })];
    for (let count = 0; count < 3; count++) await sample();
    expect(sampler.take()).toEqual([]);
  });

  test('an engine that does not answer is asked again', async () => {
    machine.run('id-app', 42);
    machine.isAway = true;
    tasks = [hostTask({ containers: [running('app')] })];
    await sample();
    machine.isAway = false;
    await sample();
    await sample();
    expect(sampler.take()).toHaveLength(1);
  });

  test('in mode awsvpc the network is that of the task, read once', async () => {
    for (const [name, pid] of [
      ['app', 42],
      ['side', 43],
      ['pause', 44],
    ] as const)
      machine.run(`id-${name}`, pid);
    tasks = [
      hostTask({ containers: [running('app'), running('side')], pause: running('pause') }, { networkMode: 'awsvpc' }),
    ];
    await sample();
    await sample();
    machine.use('id-pause', 5);
    await sample();
    const [task] = sampler.take();
    expect(task?.networkStatsSet).toMatchObject({ rxBytes: { sum: 5 } });
    expect(task?.containerMetrics.map(({ containerName }) => containerName)).toEqual(['app', 'side']);
    for (const metrics of task?.containerMetrics ?? []) expect(metrics).not.toHaveProperty('networkStatsSet');
  });

  test('in mode host the network is not the container’s', async () => {
    machine.run('id-app', 42);
    tasks = [hostTask({ containers: [running('app')] }, { networkMode: 'host' })];
    for (let count = 0; count < 3; count++) await sample();
    expect(sampler.take()[0]?.containerMetrics[0]).not.toHaveProperty('networkStatsSet');
  });
});
