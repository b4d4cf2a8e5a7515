import { expect, test } from '@jest/globals';
import { accountShard, clusterShard } from '#libs/ecs/messages';
import { LOCALE } from './api-world.ts';
import type { ApiWorld } from './api-world.ts';

/** What a plan is expected to be; members of a command and of an output that are not named do not matter. */
export type Expected =
  | { readonly command: object; readonly shard?: string; readonly clientToken?: string }
  | { readonly answer: object }
  | { readonly rejected: string };

/** Operation, request and plan; a line of the table is one test. */
export type PlanRow = readonly [name: string, input: object, expected: Expected];

export const ACCOUNT = accountShard(LOCALE.account);

export function shardOf(cluster: string): string {
  return clusterShard(LOCALE.account, cluster);
}

/** A table of plans in one world. `rejected` is the whole text. */
export function plansIn(world: () => ApiWorld, rows: readonly PlanRow[]): void {
  test.each(rows)('%s %j', (name, input, expected) => {
    const plan = world().plan(name, { ...input });
    if ('answer' in expected) {
      expect(plan).toMatchObject({ kind: 'answer', output: expected.answer });
    } else if ('rejected' in expected) {
      expect(plan).toMatchObject({ kind: 'rejected', rejection: { message: expected.rejected } });
    } else {
      const { command, shard = shardOf('default'), clientToken } = expected;
      const token = clientToken === undefined ? {} : { clientToken };
      expect(plan).toMatchObject({ kind: 'command', submit: { shard, command, ...token } });
    }
  });
}

/** Operation, request, and the response or the text of the rejection once the command is decided. */
export type OutcomeRow = readonly [name: string, input: object, expected: object | string];

export function outcomesIn(world: () => ApiWorld, rows: readonly OutcomeRow[]): void {
  test.each(rows)('%s %j', (name, input, expected) => {
    const outcome = world().run(name, { ...input });
    if (typeof expected === 'string') expect(outcome).toMatchObject({ rejection: { message: expected } });
    else expect(outcome).toMatchObject({ output: expected });
  });
}
