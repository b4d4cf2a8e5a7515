import { describe, expect, test } from '@jest/globals';
import { knownContainer, knownTask, taskDefinition } from '../spec/builders.ts';
import { observe } from './observe.ts';
import type { KnownContainer } from './known.ts';
import type { ContainerObservation } from './step.ts';

describe('health', () => {
  const rows: readonly [string, Partial<KnownContainer>, Partial<ContainerObservation>, string | null][] = [
    ['the first check', { healthStatus: 'UNKNOWN' }, { healthStatus: 'HEALTHY' }, 'HEALTHY'],
    ['a check fails', { healthStatus: 'HEALTHY' }, { healthStatus: 'UNHEALTHY' }, 'UNHEALTHY'],
    [
      'the end is not a result',
      { healthStatus: 'HEALTHY' },
      { phase: 'STOPPED', healthStatus: 'UNHEALTHY' },
      'HEALTHY',
    ],
    [
      'ended before its first check',
      { healthStatus: 'UNKNOWN' },
      { phase: 'STOPPED', healthStatus: 'UNHEALTHY' },
      'UNKNOWN',
    ],
    [
      'ended before this agent saw it',
      { healthStatus: null },
      { phase: 'STOPPED', healthStatus: 'HEALTHY' },
      'HEALTHY',
    ],
    ['asked to stop', { healthStatus: 'HEALTHY', signalledAt: 1 }, { healthStatus: 'UNHEALTHY' }, 'HEALTHY'],
    ['no health check', { healthStatus: null }, {}, null],
  ];
  test.each(rows)('%s', (_name, before, seen, expected) => {
    const definition = taskDefinition();
    const known = knownTask(definition, [knownContainer('app', { phase: 'RUNNING', ...before })], {});
    const [container] = known.containers;
    if (container === undefined) throw new Error('a task has a container');
    observe(known, container, { runtimeId: 'c', phase: 'RUNNING', ...seen });
    expect(container.healthStatus).toBe(expected);
  });
});
