import { describe, expect, test } from '@jest/globals';
import { arns } from '#libs/ecs/messages';
import { HistoryFold, historyOf, historySubject } from '../src/index.ts';
import { refusalWords } from '../src/history/task.summaries.ts';
import type { HistoryEntry } from '#libs/kernel';
import type { LogCommit } from '../src/index.ts';
import { expectGolden } from './golden.ts';
import {
  ALICE,
  CLUSTER_ARN,
  CLUSTER_NAME,
  hexId,
  LOCALE,
  make,
  runningReport,
  serviceTemplate,
  ShardLog,
  taskDefinition,
} from './log-builder.ts';

const INSTANCE = hexId(1, 'c');
const [TASK, OTHER] = [hexId(1), hexId(2)];
const DEPLOYMENT = 'ecs-svc/1000000000000000001';

/** A service whose first task runs until its service scales in, and whose second one finds no room. */
function recorded(): readonly LogCommit[] {
  const account = ShardLog.ofAccount();
  const cluster = ShardLog.ofCluster();
  const stopped = {
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: `Scaling activity initiated by (deployment ${DEPLOYMENT})`,
  } as const;
  account.commit(
    [{ type: 'TaskDefinitionRegistered', v: 1, taskDefinition: taskDefinition(), tags: [], registeredBy: ALICE }],
    { command: 'RegisterTaskDefinition', principal: ALICE, source: 'aws' },
  );
  cluster.commit([{ type: 'TermStarted', v: 1, term: 1 }], {
    command: 'OpenShard',
    principal: 'system:writer',
    source: 'writer',
  });
  cluster.commit([make.clusterCreated()], { command: 'CreateCluster', principal: ALICE, source: 'aws' });
  cluster.commit([make.instanceRegistered(INSTANCE)], {
    command: 'RegisterContainerInstance',
    principal: `agent:${INSTANCE}`,
    source: 'agent',
  });
  cluster.commit(
    [
      make.imported(),
      make.serviceCreated('web', { desiredCount: 2 }),
      { ...make.deploymentStarted('web', DEPLOYMENT), by: 'service-controller' },
      { ...make.requested([TASK, OTHER], serviceTemplate('web', DEPLOYMENT)), by: 'service-controller' },
      { ...make.placed([TASK], INSTANCE), by: 'scheduler' },
      {
        type: 'TaskPlacementFailed',
        v: 1,
        by: 'scheduler',
        taskIds: [OTHER],
        serviceName: 'web',
        failures: [
          { containerInstanceId: 'i-1', reason: 'RESOURCE:MEMORY' },
          { containerInstanceId: 'i-2', reason: 'AGENT' },
          { containerInstanceId: 'i-3', reason: 'RESOURCE:MEMORY' },
          { containerInstanceId: 'i-4', reason: 'ATTRIBUTE', detail: 'missing ecs.capability.efs' },
          { containerInstanceId: 'i-5', reason: 'ATTRIBUTE', detail: 'missing ecs.capability.efs' },
          { containerInstanceId: 'i-6', reason: 'ATTRIBUTE', detail: 'missing ecs.capability.task-eni' },
        ],
      },
    ],
    { command: 'CreateService', principal: ALICE, source: 'aws', causationId: 'request-1' },
  );
  cluster.commit([make.changed(TASK, 'RUNNING', runningReport(cluster.at))], {
    command: 'ReportTaskStates',
    principal: `agent:${INSTANCE}`,
    source: 'agent',
  });
  cluster.commit(
    [
      { type: 'ServiceUpdated', v: 1, serviceName: 'web', desiredCount: 0 },
      { ...make.stopRequested(TASK, stopped), by: 'service-controller' },
    ],
    { command: 'UpdateService', principal: ALICE, source: 'nats' },
  );
  cluster.commit(
    [
      make.changed(TASK, 'STOPPED', {
        containers: [{ name: 'app', lastStatus: 'STOPPED', exitCode: 143, reason: 'gone' }],
      }),
    ],
    { command: 'ReportTaskStates', principal: `agent:${INSTANCE}`, source: 'agent' },
  );
  cluster.wait(3600);
  cluster.commit([{ type: 'TasksForgotten', v: 1, taskIds: [TASK] }]);
  return [...account.commits, ...cluster.commits];
}

function historyOfArn(arn: string): readonly HistoryEntry[] {
  const subject = historySubject(arn);
  if (subject === undefined) throw new Error(`${arn} has no history`);
  return [...historyOf(recorded(), subject)];
}

describe('history', () => {
  test.each([
    ['task', arns.task(LOCALE, CLUSTER_NAME, TASK)],
    ['task-not-placed', arns.task(LOCALE, CLUSTER_NAME, OTHER)],
    ['service', arns.service(LOCALE, CLUSTER_NAME, 'web')],
    ['container-instance', arns.containerInstance(LOCALE, CLUSTER_NAME, INSTANCE)],
    ['cluster', CLUSTER_ARN],
    ['task-definition', taskDefinition().taskDefinitionArn],
  ])('of a %s', (name, arn) => {
    expectGolden(`history-of-${name}`, historyOfArn(arn));
  });

  test('of a deployment: its own events and its tasks', () => {
    const shard = ShardLog.ofCluster().shard;
    const subject = { kind: 'deployment', shard, serviceName: 'web', deploymentId: DEPLOYMENT } as const;
    expectGolden('history-of-deployment', [...historyOf(recorded(), subject)]);
  });

  test('the journal sequence is told where the reader knows it; other shards say nothing', () => {
    const [ofAccount, ...ofCluster] = recorded();
    const subject = historySubject(arns.task(LOCALE, CLUSTER_NAME, TASK));
    if (ofAccount === undefined || subject === undefined) throw new Error('nothing recorded');
    const fold = new HistoryFold(subject);
    expect(fold.apply(ofAccount, 1)).toEqual([]);
    const entries = ofCluster.flatMap((commit, index) => fold.apply(commit, 100 + index));
    expect(entries.map(({ streamRevision }) => streamRevision)).toEqual([103, 103, 104, 105, 106, 107]);
    const elsewhere = ShardLog.ofCluster('other');
    elsewhere.commit([make.changed(TASK, 'RUNNING')]);
    expect(elsewhere.commits.flatMap((commit) => fold.apply(commit))).toEqual([]);
  });

  test('only whole ARNs of things that live in the log have a history', () => {
    for (const text of [
      'web',
      'arn:aws:ecs:us-east-1:123456789012:task/0123',
      'arn:aws:ecs:us-east-1:123456789012:task-definition/web',
      'arn:aws:ecs:us-east-1:123456789012:capacity-provider/spot',
      'arn:aws:s3:::bucket',
    ]) {
      expect(historySubject(text)).toBeUndefined();
    }
  });

  test('refusals in words', () => {
    expect(refusalWords([])).toBe('no reason was given');
    expect(
      refusalWords([{ containerInstanceId: null, reason: 'No Container Instances were found in your cluster.' }]),
    ).toBe('No Container Instances were found in your cluster.');
  });
});
