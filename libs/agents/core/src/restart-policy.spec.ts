import { describe, expect, test } from '@jest/globals';
import type { ContainerDefinition } from '#libs/ecs/messages';
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
import type { KnownContainer } from './known.ts';
import { observe } from './observe.ts';
import { isToRestart } from './restart-policy.ts';
import { taskReport } from './task-report.ts';

const restartPolicy = { enabled: true, ignoredExitCodes: [0], restartAttemptPeriod: 60 };
const ended = (ranSeconds: number, members: Partial<KnownContainer> = {}) =>
  has('app', { phase: 'STOPPED', exitCode: 1, startedAt: 500, finishedAt: 500 + ranSeconds * 1000, ...members });
const EXITED = { reason: 'Essential container in task exited', stopCode: 'EssentialContainerExited' } as const;

describe('whether a container is to run again', () => {
  const rows: readonly [string, ContainerDefinition['restartPolicy'], KnownContainer, boolean][] = [
    ['it ran long enough', restartPolicy, ended(60), true],
    ['it did not', restartPolicy, ended(59.999), false],
    ['300 s by default', { enabled: true }, ended(300), true],
    ['less than the default', { enabled: true }, ended(299), false],
    ['no policy', undefined, ended(600), false],
    ['a policy that is switched off', { ...restartPolicy, enabled: false }, ended(600), false],
    ['an exit code that is ignored', restartPolicy, ended(600, { exitCode: 0 }), false],
    ['it never ran', restartPolicy, ended(600, { exitCode: null, startedAt: null }), false],
    ['it could not be started again', restartPolicy, ended(600, { givenUp: true }), false],
    ["the engine's clock went back while it ran", restartPolicy, ended(-600), false],
  ];
  test.each(rows)('%s', (_name, policy, known, expected) => {
    expect(isToRestart(policy === undefined ? {} : { restartPolicy: policy }, known)).toBe(expected);
  });
});

describe('a container that is to run again', () => {
  const definition = taskDefinition(container('app', { restartPolicy }), container('side', { essential: false }));
  const side = has('side', { phase: 'RUNNING' });
  const rows: readonly Row[] = [
    {
      name: 'is started in place, and the task stays RUNNING',
      definition,
      wanted: { lastStatus: 'RUNNING' },
      has: [ended(60), side],
      step: step('restart'),
      status: 'RUNNING',
      ending: null,
    },
    {
      name: 'whatever it depended on',
      definition: taskDefinition(
        container('app', { restartPolicy, dependsOn: [{ containerName: 'side', condition: 'HEALTHY' }] }),
        container('side', { essential: false }),
      ),
      has: [ended(60), has('side', { phase: 'STOPPED', exitCode: 1 })],
      step: step('restart'),
    },
    {
      name: 'is no reason to stop the others; one that ran too short a time is',
      definition,
      has: [ended(59), side],
      known: { status: 'RUNNING' },
      step: step('signal', 'side'),
      status: 'STOPPING',
      ending: EXITED,
    },
    {
      name: 'does not run again in a task that must stop',
      definition,
      wanted: { desiredStatus: 'STOPPED' },
      has: [ended(60)],
      step: WAIT,
      status: 'STOPPED',
    },
    {
      name: 'nor when the stop comes before the restart',
      definition,
      wanted: { desiredStatus: 'STOPPED' },
      has: [{ ...ended(60), phase: 'RESTARTING' }],
      step: WAIT,
      status: 'STOPPED',
    },
    {
      name: 'has started, for those that wait for its start, and has not ended for those that wait for that',
      definition: taskDefinition(
        container('app', { restartPolicy, essential: false }),
        container('late', { dependsOn: [{ containerName: 'app', condition: 'COMPLETE' }] }),
        container('next', { dependsOn: [{ containerName: 'app', condition: 'START' }] }),
      ),
      has: [{ ...ended(60), phase: 'RESTARTING' }],
      step: step('restart'),
      status: 'PENDING',
    },
  ];
  test.each(rows)('$name', check);

  test('has not ended for any reader of a report, even while another one is looked at', () => {
    const known = knownTask(definition, [ended(60), { ...side, uncertain: true }]);
    advance(wantedTask(), definition, known, NOW);
    const [app] = taskReport(known, definition).containers;
    expect(app).toMatchObject({ lastStatus: 'RUNNING' });
    expect(app).not.toHaveProperty('exitCode');
  });
});

describe('what the runtime shows of it', () => {
  const seeing = (seen: Partial<Parameters<typeof observe>[2]>) => {
    const known = knownTask(taskDefinition(container('app', { restartPolicy })), [
      { ...ended(60), phase: 'RESTARTING', reason: 'OutOfMemoryError: Container killed due to memory usage' },
    ]);
    const [app] = known.containers;
    if (app === undefined) throw new Error('a task has a container');
    observe(known, app, { runtimeId: 'id-app', phase: 'RUNNING', ...seen });
    return app;
  };

  test('it runs again: nothing is left of its end', () => {
    expect(seeing({ startedAt: 90_000, finishedAt: 60_500 })).toMatchObject({
      phase: 'RUNNING',
      restartCount: 1,
      startedAt: 90_000,
      finishedAt: null,
      exitCode: null,
      reason: null,
    });
  });

  test('it has not been started yet', () => {
    const seen = { phase: 'STOPPED', startedAt: 500, finishedAt: 60_500, exitCode: 1 } as const;
    expect(seeing(seen)).toMatchObject({ phase: 'RESTARTING', restartCount: 0, exitCode: 1 });
  });

  test('it was started, and has ended again', () => {
    const seen = { phase: 'STOPPED', startedAt: 90_000, finishedAt: 91_000, exitCode: 2 } as const;
    expect(seeing(seen)).toMatchObject({ phase: 'STOPPED', restartCount: 1, exitCode: 2, finishedAt: 91_000 });
  });
});
