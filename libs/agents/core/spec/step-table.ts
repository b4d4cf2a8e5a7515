import { expect } from '@jest/globals';
import type { TaskDefinition, WantedTask } from '#libs/ecs/messages';
import { advance } from '../src/advance.ts';
import type { KnownContainer, KnownTask } from '../src/known.ts';
import { nextStep } from '../src/next-step.ts';
import type { Step } from '../src/step.ts';
import { knownTask, taskDefinition, wantedTask } from './builders.ts';

export const WAIT: Step = { kind: 'wait', until: null };
export const step = (kind: Exclude<Step['kind'], 'wait' | 'forget'>, containerName = 'app'): Step => ({
  kind,
  containerName,
});

/** When the steps of the tables are asked for. */
export const NOW = 1_000_000;

/** What is wanted and known of a task, and what follows. */
export interface Row {
  readonly name: string;
  readonly definition?: TaskDefinition;
  readonly wanted?: Partial<WantedTask> | null;
  readonly has?: readonly KnownContainer[];
  readonly known?: Partial<KnownTask>;
  readonly step: Step;
  readonly status?: KnownTask['status'];
  readonly ending?: KnownTask['ending'];
}

export function check({
  definition = taskDefinition(),
  wanted = {},
  has: containers = [],
  known: members = {},
  ...row
}: Row): void {
  const known = knownTask(definition, containers, members);
  const task = wanted === null ? undefined : wantedTask(wanted);
  const ownDefinition = wanted === null ? undefined : definition;
  advance(task, ownDefinition, known, NOW);
  const step = nextStep(task, ownDefinition, known, NOW, 60_000);
  expect(step).toEqual(row.step);
  if (row.status !== undefined) expect(known.status).toBe(row.status);
  if (row.ending !== undefined) expect(known.ending).toEqual(row.ending);
  // Asking twice changes nothing.
  const before = structuredClone(known);
  advance(task, ownDefinition, known, NOW);
  expect(known).toEqual(before);
}
