import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { canonicalJson } from '#libs/kernel';
import {
  describeClusters,
  describeContainerInstances,
  describeServices,
  describeTasks,
  EcsPublicEvents,
  listTasks,
  outputText,
  ViewDirectory,
} from '../src/index.ts';
import type { LogCommit } from '../src/index.ts';
import { LOCALE } from './log-builder.ts';
import { RandomLog, REGISTERED } from './random-log.ts';
import type { TrueTask } from './random-log.ts';
import { outputOf } from './world.ts';

const steps = fc.array(fc.tuple(fc.nat(13), fc.nat(1000)), { minLength: 1, maxLength: 120, size: 'max' });

function fold(commits: readonly LogCommit[]): ViewDirectory {
  const views = new ViewDirectory(LOCALE);
  for (const commit of commits) expect(views.apply(commit)).toBe('applied');
  return views;
}

function recorded(numbers: readonly (readonly [number, number])[]): RandomLog {
  const random = new RandomLog();
  for (const [what, which] of numbers) random.step(what, which);
  return random;
}

const isRunning = (task: TrueTask): boolean => task.lastStatus === 'RUNNING';
const isPending = (task: TrueTask): boolean => task.lastStatus === 'PROVISIONING' || task.lastStatus === 'PENDING';
const isWanted = (task: TrueTask): boolean => task.desiredStatus === 'RUNNING';

function counts(tasks: readonly TrueTask[]): [running: number, pending: number] {
  return [tasks.filter(isRunning).length, tasks.filter(isPending).length];
}

describe('whatever happened', () => {
  test('counts are those of the tasks, one by one (S22)', () => {
    fc.assert(
      fc.property(steps, (numbers) => {
        const { log, tasks: byId, services } = recorded(numbers);
        const views = fold(log.commits);
        const tasks = [...byId.values()];
        const [cluster] = outputOf(describeClusters(views, {})).clusters;
        expect([cluster?.['runningTasksCount'], cluster?.['pendingTasksCount']]).toEqual(
          counts(tasks.filter(isWanted)),
        );
        for (const { serviceName, deployments } of services.values()) {
          const [service] = outputOf(describeServices(views, { services: [serviceName] })).services;
          const wanted = tasks.filter((task) => task.serviceName === serviceName && isWanted(task));
          expect([service?.['runningCount'], service?.['pendingCount']]).toEqual(counts(wanted));
          const described = (service?.['deployments'] ?? []) as {
            id: string;
            runningCount: number;
            pendingCount: number;
          }[];
          expect(described.map(({ id, runningCount, pendingCount }) => [id, runningCount, pendingCount])).toEqual(
            deployments.map((id) => [id, ...counts(wanted.filter((task) => task.deploymentId === id))]),
          );
        }
      }),
      { numRuns: 30 },
    );
  });

  test('remaining is registered less the sum of what is placed, exactly (S7)', () => {
    fc.assert(
      fc.property(steps, (numbers) => {
        const { log, tasks, instances } = recorded(numbers);
        const views = fold(log.commits);
        for (const { instanceId, status, connected } of instances.values()) {
          const answer = outputOf(describeContainerInstances(views, { containerInstances: [instanceId] }));
          const [described] = answer.containerInstances;
          if (described === undefined) {
            expect(status).toBe('INACTIVE');
            continue;
          }
          const here = [...tasks.values()].filter(
            (task) => task.instanceId === instanceId && task.lastStatus !== 'STOPPED',
          );
          const sum = (amount: (task: TrueTask) => number): number =>
            here.reduce((total, task) => total + amount(task), 0);
          const ports = here.flatMap(({ port }) => (port === null ? [] : [String(port)]));
          const remaining = described['remainingResources'] as { integerValue: number; stringSetValue?: string[] }[];
          expect(remaining.map(({ integerValue, stringSetValue }) => stringSetValue ?? integerValue)).toEqual([
            REGISTERED.cpu - sum(({ cpu }) => cpu),
            REGISTERED.memory - sum(({ memory }) => memory),
            ['22', ...ports],
            [],
          ]);
          expect([described['runningTasksCount'], described['pendingTasksCount']]).toEqual(counts(here));
          expect([described['status'], described['agentConnected']]).toEqual([
            status,
            status === 'ACTIVE' && connected,
          ]);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('tasks are as the log says, and their text is that of their members', () => {
    fc.assert(
      fc.property(steps, (numbers) => {
        const { log, tasks } = recorded(numbers);
        const views = fold(log.commits);
        const some = [...tasks.values()].slice(0, 100);
        if (some.length === 0) return;
        const output = outputOf(describeTasks(views, { tasks: some.map(({ taskId }) => taskId) }));
        expect(output.failures).toEqual([]);
        expect(output.tasks.map((task) => [task['lastStatus'], task['desiredStatus']])).toEqual(
          some.map(({ lastStatus, desiredStatus }) => [lastStatus, desiredStatus]),
        );
        expect(outputText(output)).toBe(JSON.stringify(output));
      }),
      { numRuns: 10 },
    );
  });

  test('events show what Describe* shows', () => {
    fc.assert(
      fc.property(steps, (numbers) => {
        const { commits } = recorded(numbers).log;
        const views = new ViewDirectory(LOCALE);
        const publicEvents = new EcsPublicEvents(views);
        for (const commit of commits) {
          views.apply(commit);
          for (const { attributes, body } of [...publicEvents.of(commit), ...publicEvents.gathered()]) {
            const { detail } = JSON.parse(body) as { detail: object };
            const shown = described(views, attributes['type'], attributes['subject'] ?? '');
            // Moments are written in another way.
            if (shown !== undefined) expect(detail).toMatchObject(withoutMoments(shown));
          }
        }
      }),
      { numRuns: 10 },
    );
  });

  test('the same log gives the same view, whatever was asked meanwhile (S16, S24)', () => {
    fc.assert(
      fc.property(steps, (numbers) => {
        const { commits } = recorded(numbers).log;
        const asked = new ViewDirectory(LOCALE);
        for (const commit of commits) {
          asked.apply(commit);
          listTasks(asked, {});
          describeClusters(asked, { include: ['STATISTICS'] });
        }
        const [shard = ''] = commits.map((commit) => commit.shard);
        expect(canonicalJson(asked.contentOf(shard))).toBe(canonicalJson(fold(commits).contentOf(shard)));
      }),
      { numRuns: 10 },
    );
  });

  test('pages show everything that is there all the while exactly once', () => {
    fc.assert(
      fc.property(steps, steps, fc.integer({ min: 1, max: 7 }), (numbers, later, maxResults) => {
        const random = recorded(numbers);
        const views = fold(random.log.commits);
        const listed = (): Set<string> => new Set(wholeList(views, 100, () => {}));
        const before = listed();
        const pending = [...later];
        const seen = wholeList(views, maxResults, () => {
          const step = pending.pop();
          if (step !== undefined) views.apply(random.step(...step));
        });
        const after = listed();
        expect(new Set(seen).size).toBe(seen.length);
        for (const arn of before) if (after.has(arn)) expect(seen).toContain(arn);
      }),
      { numRuns: 30 },
    );
  });
});

function described(views: ViewDirectory, type: string | undefined, arn: string): object | undefined {
  if (type === 'waybill.ecs.task-state-change') return outputOf(describeTasks(views, { tasks: [arn] })).tasks[0];
  if (type !== 'waybill.ecs.container-instance-state-change') return undefined;
  return outputOf(describeContainerInstances(views, { containerInstances: [arn] })).containerInstances[0];
}

function withoutMoments(entity: object): object {
  return Object.fromEntries(Object.entries(entity).filter(([member]) => !/At$|^tags$/.test(member)));
}

function wholeList(views: ViewDirectory, maxResults: number, between: () => void): readonly string[] {
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = outputOf(listTasks(views, { maxResults, ...(nextToken !== undefined && { nextToken }) }));
    arns.push(...page.taskArns);
    ({ nextToken } = page);
    between();
  } while (nextToken !== undefined);
  return arns;
}
