import { expect, test } from '@jest/globals';
import { InMemoryEventStore } from '#libs/event-store';
import { encodeCommit } from '#libs/kernel';
import { copying, counterContext, sha256 } from '#libs/testing';
import { EngineWorld, quiet } from '../spec/engine-world.ts';

/** The next commit of a shard as a newer version of the product records it: a whole link of the chain. */
async function recordNewer(store: InMemoryEventStore, shard: string): Promise<void> {
  const head = await store.readHead(shard);
  if (head === null) throw new Error(`${shard} has no log`);
  const { hash: prevHash, revision, term, streamRevision } = head;
  const at = 2_000_000_000_000;
  const decision = {
    commandId: 'newer',
    command: 'Add',
    principal: 'tester',
    source: 'nats',
    correlationId: 'newer',
    causationId: null,
    at,
    events: [{ type: 'Added', v: 2, amounts: [1] }],
  };
  const header = { shard, term, revision: revision + 1, prevHash, at, deciderVersion: 2 };
  await store.append(encodeCommit(header, [JSON.stringify(decision)], sha256), streamRevision);
}

test('what a newer version has recorded stops the writer, the view and the policy that meet it, and nothing else', async () => {
  const store = new InMemoryEventStore();
  const contexts = [counterContext('tally'), counterContext('copy', [copying('tally', 'copy')])];
  const before = new EngineWorld('before', { contexts, store });
  await before.lead();
  for (const counter of ['a', 'b']) await before.request('tally', 'Add', { counter, amount: 1 });
  await quiet();
  await new Promise<void>((stopped) => before.engine.stop(stopped));
  await recordNewer(store, 'tally.a');

  const world = new EngineWorld('after', { contexts, store });
  await world.lead();
  expect(world.engine.readiness()).toMatchObject({ ready: false, haltedViews: ['tally.a'], haltedShards: ['tally.a'] });
  expect(world.damage).toEqual([]);
  expect(world.notes).toContain('fatal: a policy has stopped at a commit that it cannot read');
  expect(await world.request('tally', 'Add', { counter: 'b', amount: 2 })).toEqual({ output: { total: 3 } });
});
