import { beforeEach, describe, expect, test } from '@jest/globals';
import { arns, clusterShard } from '#libs/ecs/messages';
import { InMemoryEventStore } from '#libs/event-store';
import type { ViewDirectory } from '#libs/ecs/views';
import { asOfPoint } from '../src/at/at.command.ts';
import { pictureNamed, tableOf, wireOf } from '../src/at/picture.ts';
import { type AsOf, ShardAsOf } from '../src/at/shard-as-of.ts';
import { historyTable, principalText } from '../src/history/history.command.ts';
import { readHistory } from '../src/history/history.ts';
import { ownerOf } from '../src/journal/contexts.ts';
import { commitsOf } from '../src/journal/log-events.ts';
import { INSTANCE, LOCALE, recordAccount, recordCluster, create, recordTaskLife, WEB } from './recorder.ts';

const START = Date.UTC(2026, 2, 10, 14, 0);
const minute = (count: number): number => START + count * 60_000;
const EVERYTHING = { types: [], limit: null };

let log: InMemoryEventStore;
let taskId: string;
beforeEach(async () => {
  log = new InMemoryEventStore();
  taskId = await recordTaskLife(log, 'default', START);
});

describe('waybill history', () => {
  test('tells the life of a task by its ARN', async () => {
    const entries = await readHistory(log, arns.task(LOCALE, 'default', taskId), EVERYTHING);
    expect(entries.map(({ type, revision }) => `${revision} ${type}`)).toEqual([
      '3 TasksRequested',
      '3 TasksPlaced',
      '4 TaskStateChanged',
      '5 TaskStopRequested',
      '5 TaskStateChanged',
    ]);
    expect(entries[1]).toMatchObject({ command: 'RunTask', by: 'scheduler' });
  });

  test.each([
    ['the whole id', (id: string) => id],
    ['the beginning of the id', (id: string) => id.slice(0, 8)],
  ])('finds a task by %s', async (_what, nameOf) => {
    const byArn = await readHistory(log, arns.task(LOCALE, 'default', taskId), EVERYTHING);
    expect(await readHistory(log, nameOf(taskId), EVERYTHING)).toEqual(byArn);
  });

  test('finds a container instance, a cluster and a task definition revision by name', async () => {
    const account = recordAccount(log);
    const input = { family: 'web', containerDefinitions: [{ name: 'web', image: 'demo', memory: 64 }] };
    await account.commit({ at: minute(9), command: { type: 'RegisterTaskDefinition', region: LOCALE.region, input } });
    const types = async (name: string): Promise<readonly string[]> =>
      (await readHistory(log, name, EVERYTHING)).map(({ type }) => type);
    expect(await types(INSTANCE)).toContain('ContainerInstanceRegistered');
    expect(await types('default')).toContain('ClusterCreated');
    expect(await types('web:1')).toEqual(expect.arrayContaining(['TaskDefinitionRegistered', 'TasksRequested']));
  });

  test('finds a deployment by its id, and tells nothing of other deployments', async () => {
    const service = { type: 'CreateService', resolved: { taskDefinition: WEB, tags: [] }, desiredCount: 1 } as const;
    const recorder = recordCluster(log, 'other');
    await recorder.commit({ at: START, command: create('other') });
    const ids: string[] = [];
    for (const serviceName of ['web', 'api']) {
      const events = await recorder.commit({ at: minute(1), command: { ...service, serviceName } });
      ids.push(events.find((event) => event.type === 'DeploymentStarted')?.deploymentId ?? '');
    }
    const [first = ''] = ids;
    expect(first).toMatch(/^ecs-svc\/\d+$/);
    const entries = await readHistory(log, first, EVERYTHING);
    expect(entries.map(({ type, revision }) => `${revision} ${type}`)).toEqual(['2 DeploymentStarted']);
    expect(entries[0]?.summary).toContain(first);
  });

  test('filters by type, in whatever case, and keeps the newest', async () => {
    const changed = await readHistory(log, taskId, { types: ['taskstatechanged'], limit: null });
    expect(changed.map(({ revision }) => revision)).toEqual([4, 5]);
    const newest = await readHistory(log, taskId, { types: [], limit: 2 });
    expect(newest.map(({ type }) => type)).toEqual(['TaskStopRequested', 'TaskStateChanged']);
  });

  test('a name that means several things is refused with the ARNs', async () => {
    await recordCluster(log, 'web').commit({ at: START, command: create('web') });
    await recordTaskLife(log, 'other', START);
    const instances = [
      arns.containerInstance(LOCALE, 'default', INSTANCE),
      arns.containerInstance(LOCALE, 'other', INSTANCE),
    ];
    await expect(readHistory(log, INSTANCE, EVERYTHING)).rejects.toThrow(instances.join(', '));
  });

  test.each([
    ['nothing-like-it', 'knows no task'],
    ['arn:aws:s3:::bucket', 'is not the ARN of a cluster'],
    [arns.task(LOCALE, 'default', 'f'.repeat(32)), 'holds no event about'],
  ])('%s is refused', async (name, why) => {
    await expect(readHistory(log, name, EVERYTHING)).rejects.toThrow(why);
  });

  test('the table names who and why', async () => {
    const [head, first, second] = historyTable(await readHistory(log, taskId, EVERYTHING)).split('\n');
    expect(head).toMatch(/^TIME +REVISION +EVENT +WHO +COMMAND +WHAT$/);
    expect(first).toMatch(/3 +TasksRequested +root \(nats\) +RunTask +requested from web:1/);
    expect(second).toMatch(/3 +TasksPlaced +root \(nats\) +RunTask, scheduler +placed on container instance/);
  });

  test.each([
    ['arn:aws:iam::123456789012:root', 'root'],
    ['arn:aws:iam::123456789012:user/ci', 'ci'],
    ['agent:abc', 'agent:abc'],
    [`agent:${INSTANCE}`, 'agent:c0c0c0c0…'],
    ['system:writer:d8fcd4e6-959f-42ab-9c2e-eea9088154f6', 'system:writer:d8fcd4e6…'],
    ['system:clock', 'system:clock'],
  ])('%s is shown as %s', (principal, expected) => {
    expect(principalText(principal)).toBe(expected);
  });
});

describe('waybill at', () => {
  async function foldedTo(asOf: AsOf): Promise<ShardAsOf> {
    const shard = clusterShard(LOCALE.account, 'default');
    const owner = ownerOf(shard);
    if (owner === undefined) throw new Error(`${shard} has no context`);
    const fold = new ShardAsOf(shard, owner, asOf);
    for await (const { commit } of commitsOf(log, shard)) fold.apply(commit);
    return fold;
  }
  const statusAt = async (asOf: AsOf): Promise<string | undefined> =>
    ((await foldedTo(asOf)).views as ViewDirectory).cluster('default')?.tasks.get(taskId)?.lastStatus;
  const table = (name: string, folds: readonly ShardAsOf[], all: boolean): string =>
    tableOf(pictureNamed(name), folds, all);

  test.each([
    [2, undefined],
    [3, 'PENDING'],
    [4, 'RUNNING'],
    [5, 'STOPPED'],
  ])('revision %i: the task is %s', async (revision, expected) => {
    expect(await statusAt({ kind: 'revision', revision })).toBe(expected);
  });

  test.each([
    [1.5, undefined],
    [2, 'PENDING'],
    [3.5, 'RUNNING'],
    // The commit of the stop holds two decisions, and this moment lies between them.
    [4.5, 'RUNNING'],
    [5, 'STOPPED'],
    [500, 'STOPPED'],
  ])('minute %d: the task is %s', async (minutes, expected) => {
    expect(await statusAt({ kind: 'moment', atMs: minute(minutes) })).toBe(expected);
  });

  test('before the first commit there is nothing', async () => {
    expect(await foldedTo({ kind: 'moment', atMs: START - 1 })).toMatchObject({ revision: 0, at: null });
  });

  test('rows for people: what had ended only if asked for', async () => {
    const running = await foldedTo({ kind: 'revision', revision: 4 });
    const stopped = await foldedTo({ kind: 'revision', revision: 5 });
    expect(table('tasks', [running], false)).toMatch(new RegExp(`${taskId} +RUNNING +RUNNING +web:1 .* ${INSTANCE} `));
    expect(table('tasks', [stopped], false)).not.toContain(taskId);
    expect(table('tasks', [stopped], true)).toMatch(new RegExp(`${taskId} +STOPPED +STOPPED`));
    expect(table('clusters', [running], false)).toMatch(/default +ACTIVE +1 +1 +0 +0/);
    expect(table('container-instances', [running], false)).toMatch(
      new RegExp(`${INSTANCE} +host-1 +ACTIVE +yes +1 +0 +EC2, EXTERNAL`),
    );
    expect(table('tasks', [running, stopped], true).split('\n')[0]).toMatch(/^CLUSTER +TASK/);
  });

  test('JSON is what the AWS API would have answered', async () => {
    const fold = await foldedTo({ kind: 'revision', revision: 4 });
    expect(wireOf(pictureNamed('tasks'), [fold], false)).toMatchObject({
      tasks: [{ taskArn: arns.task(LOCALE, 'default', taskId), lastStatus: 'RUNNING', desiredStatus: 'RUNNING' }],
    });
    expect(wireOf(pictureNamed('clusters'), [fold], false)).toMatchObject({
      clusters: [{ clusterName: 'default', runningTasksCount: 1 }],
    });
  });

  test('a plain number is a revision, everything else a moment', () => {
    expect(asOfPoint('42', minute(0))).toEqual({ kind: 'revision', revision: 42 });
    expect(asOfPoint('1m', minute(1))).toEqual({ kind: 'moment', atMs: START });
    expect(() => asOfPoint('0', START)).toThrow('counted from 1');
    expect(() => asOfPoint('soon', START)).toThrow('no moment');
  });
});
