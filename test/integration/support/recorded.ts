import { setTimeout as pause } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { expect } from '@jest/globals';
import type { ClusterEvent } from '#libs/ecs/messages';
import { openAuditLog } from '#libs/event-store-jetstream';
import { decodeCommit } from '#libs/kernel';
import type { Commit } from '#libs/kernel';
import { foldHistory } from '../../histories/fold.ts';
import { ecsCall } from './ecs-call.ts';

const ATTEMPTS_MAX = 100;
const ATTEMPT_PAUSE_MS = 50;

/** Every shard of the journal, as an auditor reads it: the commits' exact texts. */
export async function readShards(auditor: NatsConnection): Promise<ReadonlyMap<string, readonly string[]>> {
  const store = await openAuditLog(auditor);
  const shards = new Map<string, string[]>();
  for await (const batch of store.read(null, 0)) {
    for (const { shard, text } of batch) shards.set(shard, [...(shards.get(shard) ?? []), text]);
  }
  return shards;
}

/** Folds the log of every shard, chain checked, and compares it with the live writer's state and view. */
export async function expectReplayEqual(root: NatsConnection, auditor: NatsConnection): Promise<readonly string[]> {
  let shards = await readShards(auditor);
  const names = [...shards.keys()];
  for (const shard of names) {
    for (let attempt = 1; ; attempt++) {
      const live = await ecsCall<Live>(root, 'GetShardFingerprint', { shard }, { context: 'audit' }).catch(() => null);
      const { golden, stateHash, viewHash } = foldHistory(shards.get(shard) ?? []);
      const { revision, hash } = golden;
      if (live?.revision === revision) {
        expect(live).toMatchObject({ shard, revision, hash, stateHash, viewHash });
        break;
      }
      // A report or a tick has come between the two, or the shard is just being opened.
      if (attempt === ATTEMPTS_MAX) throw new Error(`${shard}: log at ${revision}, live ${JSON.stringify(live)}`);
      await pause(ATTEMPT_PAUSE_MS);
      shards = await readShards(auditor);
    }
  }
  return names;
}

interface Live {
  readonly revision: number;
}

/** The tasks that the log says each token made, once for each TasksRequested event that names the token. */
export function tasksByToken(commits: readonly string[]): ReadonlyMap<string, readonly (readonly string[])[]> {
  const requests = new Map<string, (readonly string[])[]>();
  for (const text of commits) {
    for (const event of (decodeCommit(text) as Commit<ClusterEvent>).decisions.flatMap(({ events }) => events)) {
      if (event.type !== 'TasksRequested' || event.clientToken === undefined) continue;
      const { token } = event.clientToken;
      requests.set(token, [...(requests.get(token) ?? []), event.taskIds]);
    }
  }
  return requests;
}
