import { describe, expect, test } from '@jest/globals';
import {
  containerDefinition as container,
  knownContainer as has,
  knownTask,
  taskDefinition,
  wantedTask,
} from '../spec/builders.ts';
import { check, NOW, step, WAIT } from '../spec/step-table.ts';
import type { Row } from '../spec/step-table.ts';
import { advance } from './advance.ts';
import type { KnownTask } from './known.ts';

/** `app` and, not essential, `side`. */
const pair = (first = {}, second = {}) =>
  taskDefinition(container('app', first), container('side', { essential: false, ...second }));

const EXITED = { reason: 'Essential container in task exited', stopCode: 'EssentialContainerExited' } as const;

describe('one container on its way up', () => {
  const rows: readonly Row[] = [
    { name: 'nothing there', step: step('pull') },
    { name: 'pulled', has: [has('app', { phase: 'PULLED' })], step: step('create') },
    { name: 'created', has: [has('app', { phase: 'CREATED' })], step: step('start') },
    { name: 'running', has: [has('app', { phase: 'RUNNING' })], step: WAIT, status: 'RUNNING' },
    {
      name: 'something happened to it',
      has: [has('app', { phase: 'RUNNING', uncertain: true })],
      step: step('inspect'),
      status: 'PENDING',
    },
    { name: 'a pause after a failure', known: { retryAt: NOW + 5 }, step: { kind: 'wait', until: NOW + 5 } },
    { name: 'the pause is over', known: { retryAt: NOW }, step: step('pull') },
    { name: 'found on the host before any session', wanted: null, has: [has('app', { phase: 'CREATED' })], step: WAIT },
  ];
  test.each(rows)('$name', check);
});

describe('a task that the log has seen RUNNING is never started again', () => {
  const rows: readonly Row[] = [
    { name: 'its container is gone', wanted: { lastStatus: 'RUNNING' }, step: WAIT, status: 'STOPPED', ending: EXITED },
    {
      name: 'its container was never started',
      wanted: { lastStatus: 'RUNNING' },
      has: [has('app', { phase: 'CREATED' })],
      step: WAIT,
      status: 'STOPPED',
      ending: EXITED,
    },
    {
      name: 'its container runs',
      wanted: { lastStatus: 'RUNNING' },
      has: [has('app', { phase: 'RUNNING' })],
      step: WAIT,
      status: 'RUNNING',
    },
    { name: 'later than RUNNING', wanted: { lastStatus: 'STOPPING' }, step: WAIT, status: 'STOPPED' },
    {
      name: 'its container ended meanwhile',
      wanted: { lastStatus: 'RUNNING' },
      has: [has('app', { phase: 'STOPPED', exitCode: 3 })],
      step: WAIT,
      status: 'STOPPED',
      ending: EXITED,
    },
  ];
  test.each(rows)('$name', check);
});

describe('stopping', () => {
  const desired = { desiredStatus: 'STOPPED' } as const;
  const rows: readonly Row[] = [
    { name: 'before anything was made', wanted: desired, step: WAIT, status: 'STOPPED' },
    {
      name: 'created but never started',
      wanted: desired,
      has: [has('app', { phase: 'CREATED' })],
      step: WAIT,
      status: 'STOPPED',
    },
    {
      name: 'running: the stop signal first',
      wanted: desired,
      has: [has('app', { phase: 'RUNNING' })],
      step: step('signal'),
      status: 'STOPPING',
    },
    {
      name: 'signalled: 30 s by default',
      wanted: desired,
      has: [has('app', { phase: 'RUNNING', signalledAt: NOW - 1 })],
      step: { kind: 'wait', until: NOW - 1 + 30_000 },
    },
    {
      name: 'signalled: stopTimeout',
      definition: taskDefinition(container('app', { stopTimeout: 2 })),
      wanted: desired,
      has: [has('app', { phase: 'RUNNING', signalledAt: NOW - 1 })],
      step: { kind: 'wait', until: NOW - 1 + 2000 },
    },
    {
      name: 'time is up',
      definition: taskDefinition(container('app', { stopTimeout: 2 })),
      wanted: desired,
      has: [has('app', { phase: 'RUNNING', signalledAt: NOW - 2000 })],
      step: step('kill'),
    },
    {
      name: 'killed: wait for its end',
      wanted: desired,
      has: [has('app', { phase: 'RUNNING', signalledAt: NOW - 40_000, killedAt: NOW - 1 })],
      step: { kind: 'wait', until: NOW - 1 + 10_000 },
    },
    {
      name: 'killed in vain',
      wanted: desired,
      has: [has('app', { phase: 'RUNNING', signalledAt: NOW - 40_000, killedAt: NOW - 10_000 })],
      step: step('kill'),
    },
    {
      name: 'ended',
      wanted: desired,
      has: [has('app', { phase: 'STOPPED', exitCode: 143 })],
      step: WAIT,
      status: 'STOPPED',
      ending: null,
    },
    {
      name: 'not in the wanted set: without a definition, the timeout that it was made with',
      wanted: null,
      known: { unwanted: true },
      has: [has('app', { phase: 'RUNNING', signalledAt: NOW, stopTimeoutSeconds: 7 })],
      step: { kind: 'wait', until: NOW + 7000 },
    },
  ];
  test.each(rows)('$name', check);
});

describe('several containers', () => {
  const rows: readonly Row[] = [
    {
      name: 'one after the other',
      definition: pair(),
      has: [has('app', { phase: 'RUNNING' })],
      step: step('pull', 'side'),
      status: 'PENDING',
    },
    {
      name: 'all run',
      definition: pair(),
      has: [has('app', { phase: 'RUNNING' }), has('side', { phase: 'RUNNING' })],
      step: WAIT,
      status: 'RUNNING',
    },
    {
      name: 'a container that is not essential may end',
      definition: pair(),
      has: [has('app', { phase: 'RUNNING' }), has('side', { phase: 'STOPPED', exitCode: 1 })],
      step: WAIT,
      status: 'RUNNING',
    },
    {
      name: 'an essential one takes the others with it',
      definition: pair(),
      has: [has('app', { phase: 'STOPPED', exitCode: 0 }), has('side', { phase: 'RUNNING' })],
      known: { status: 'RUNNING' },
      step: step('signal', 'side'),
      status: 'STOPPING',
      ending: EXITED,
    },
    {
      name: 'one that cannot be pulled',
      definition: pair(),
      has: [has('app', { phase: 'STOPPED', runtimeId: null, startedAt: null, reason: 'CannotPullContainerError: no' })],
      step: WAIT,
      status: 'STOPPED',
      ending: { reason: 'CannotPullContainerError: no', stopCode: 'TaskFailedToStart' },
    },
    {
      name: 'dependsOn START waits',
      definition: pair({ dependsOn: [{ containerName: 'side', condition: 'START' }] }),
      step: step('pull', 'side'),
    },
    {
      name: 'dependsOn START met',
      definition: pair({ dependsOn: [{ containerName: 'side', condition: 'START' }] }),
      has: [has('side', { phase: 'RUNNING' })],
      step: step('pull'),
    },
    {
      name: 'dependsOn COMPLETE waits for the end',
      definition: pair({ dependsOn: [{ containerName: 'side', condition: 'COMPLETE' }] }),
      has: [has('side', { phase: 'RUNNING' })],
      step: WAIT,
    },
    {
      name: 'dependsOn COMPLETE met by any code',
      definition: pair({ dependsOn: [{ containerName: 'side', condition: 'COMPLETE' }] }),
      has: [has('side', { phase: 'STOPPED', exitCode: 9 })],
      step: step('pull'),
    },
    {
      name: 'dependsOn SUCCESS met',
      definition: pair({ dependsOn: [{ containerName: 'side', condition: 'SUCCESS' }] }),
      has: [has('side', { phase: 'STOPPED', exitCode: 0 })],
      step: step('pull'),
    },
    {
      name: 'dependsOn SUCCESS failed',
      definition: pair({ dependsOn: [{ containerName: 'side', condition: 'SUCCESS' }] }),
      has: [has('side', { phase: 'STOPPED', exitCode: 9 })],
      step: WAIT,
      status: 'STOPPED',
      ending: {
        reason: 'Task failed to start',
        stopCode: 'TaskFailedToStart',
      },
    },
    {
      name: 'dependsOn HEALTHY waits',
      definition: pair({ dependsOn: [{ containerName: 'side', condition: 'HEALTHY' }] }),
      has: [has('side', { phase: 'RUNNING', healthStatus: 'UNHEALTHY' })],
      step: WAIT,
      status: 'PENDING',
    },
    {
      name: 'dependsOn HEALTHY met',
      definition: pair({ dependsOn: [{ containerName: 'side', condition: 'HEALTHY' }] }),
      has: [has('side', { phase: 'RUNNING', healthStatus: 'HEALTHY' })],
      step: step('pull'),
    },
    {
      name: 'startTimeout of the dependency counts from its start',
      definition: pair({ dependsOn: [{ containerName: 'side', condition: 'HEALTHY' }] }, { startTimeout: 3 }),
      has: [has('side', { phase: 'RUNNING', seenRunningAt: NOW - 1000 })],
      step: { kind: 'wait', until: NOW + 2000 },
    },
    {
      name: 'startTimeout knows nothing of the clock of the container runtime, which may be hours behind or ahead',
      definition: pair({ dependsOn: [{ containerName: 'side', condition: 'HEALTHY' }] }, { startTimeout: 3 }),
      has: [has('side', { phase: 'RUNNING', startedAt: NOW - 3_600_000 })],
      step: { kind: 'wait', until: NOW + 3000 },
    },
    {
      name: 'startTimeout over',
      definition: pair({ dependsOn: [{ containerName: 'side', condition: 'HEALTHY' }] }, { startTimeout: 3 }),
      has: [has('side', { phase: 'RUNNING', seenRunningAt: NOW - 3000 })],
      step: step('signal', 'side'),
      ending: {
        reason: 'Task failed to start',
        stopCode: 'TaskFailedToStart',
      },
    },
    { name: 'links wait for a start', definition: pair({ links: ['side:db'] }), step: step('pull', 'side') },
    {
      name: 'volumesFrom waits for a creation',
      definition: pair({ volumesFrom: [{ sourceContainer: 'side' }] }),
      has: [has('side', { phase: 'CREATED' })],
      step: step('pull'),
    },
    {
      name: 'a dependency that is not there',
      definition: pair({ dependsOn: [{ containerName: 'ghost', condition: 'START' }] }),
      step: WAIT,
      status: 'STOPPED',
    },
    {
      name: 'shutdown in reverse: the dependent first',
      definition: pair({ dependsOn: [{ containerName: 'side', condition: 'START' }] }),
      wanted: { desiredStatus: 'STOPPED' },
      has: [has('app', { phase: 'RUNNING', signalledAt: NOW }), has('side', { phase: 'RUNNING' })],
      step: { kind: 'wait', until: NOW + 30_000 },
    },
    {
      name: 'shutdown in reverse: then what it depended on',
      definition: pair({ dependsOn: [{ containerName: 'side', condition: 'START' }] }),
      wanted: { desiredStatus: 'STOPPED' },
      has: [has('app', { phase: 'STOPPED' }), has('side', { phase: 'RUNNING' })],
      step: step('signal', 'side'),
    },
    {
      name: 'shutdown of independent ones at once',
      definition: pair(),
      wanted: { desiredStatus: 'STOPPED' },
      has: [has('app', { phase: 'RUNNING', signalledAt: NOW }), has('side', { phase: 'RUNNING' })],
      step: step('signal', 'side'),
    },
  ];
  test.each(rows)('$name', check);
});

describe('a container that its dependency keeps from starting', () => {
  const GRAPH = 'CannotStartContainerError: dependency graph:';
  const ordering = 'container ordering dependency [side] for target [app]';
  test.each([
    [
      'SUCCESS',
      { phase: 'STOPPED', exitCode: 1 },
      `${GRAPH} failed to resolve ${ordering} as dependency did not exit successfully.`,
    ],
    [
      'START',
      { phase: 'STOPPED', startedAt: null },
      `${GRAPH} failed to resolve ${ordering} because dependency will never start.`,
    ],
    ['HEALTHY', { phase: 'RUNNING', seenRunningAt: NOW - 3000 }, `${GRAPH} ${ordering} has timed out.`],
  ] as const)('%s: exit code and reason are those of the ECS agent', (condition, side, reason) => {
    const definition = pair({ dependsOn: [{ containerName: 'side', condition }] }, { startTimeout: 3 });
    const known = knownTask(definition, [has('side', side)], {});
    advance(wantedTask({}), definition, known, NOW);
    expect(known.containers.find(({ name }) => name === 'app')).toMatchObject({
      phase: 'STOPPED',
      exitCode: 143,
      reason,
    });
  });
});

describe('after the end', () => {
  const ended = (members: Partial<KnownTask>): Partial<KnownTask> => ({
    status: 'STOPPED',
    stoppedAt: NOW - 10,
    revision: 4,
    ...members,
  });
  const stopped = [has('app', { phase: 'STOPPED' as const })];
  const rows: readonly Row[] = [
    { name: 'not in the log yet: the containers stay', known: ended({ durableRevision: 3 }), has: stopped, step: WAIT },
    {
      name: 'in the log: the containers stay for people',
      known: ended({ durableRevision: 4 }),
      has: stopped,
      step: { kind: 'wait', until: NOW - 10 + 60_000 },
    },
    {
      name: 'long enough',
      known: ended({ durableRevision: 4, stoppedAt: NOW - 60_000 }),
      has: stopped,
      step: step('remove'),
    },
    {
      name: 'removed',
      known: ended({ durableRevision: 4 }),
      has: [has('app', { phase: 'STOPPED', removed: true })],
      step: { kind: 'forget' },
    },
    {
      name: 'nothing was ever made',
      known: ended({ durableRevision: 4 }),
      has: [has('app', { phase: 'STOPPED', runtimeId: null })],
      step: { kind: 'forget' },
    },
    {
      name: 'unwanted: no report is due',
      wanted: null,
      known: ended({ unwanted: true, stoppedAt: NOW - 60_000 }),
      has: stopped,
      step: step('remove'),
    },
  ];
  test.each(rows)('$name', check);
});
