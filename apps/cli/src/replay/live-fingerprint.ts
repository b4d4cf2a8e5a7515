import { setTimeout as pause } from 'node:timers/promises';
import { ask, Refused } from '../connection/ask.ts';
import type { WaybillConnection } from '../connection/waybill-connection.ts';
import type { LiveFingerprint } from './replay.ts';
import type { Fingerprint } from './shard-replay.ts';

const ATTEMPTS_MAX = 25;
const PAUSE_MS = 200;

/** Asks the process that writes a shard; one that is just being opened again is asked again for a few seconds. */
export function liveFingerprint(connection: WaybillConnection): LiveFingerprint {
  return async (shard) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return (await ask(connection, 'audit', 'GetShardFingerprint', { shard })) as Fingerprint;
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (attempt === ATTEMPTS_MAX) return { missing: `not compared: ${error.message}` };
        await pause(PAUSE_MS);
      }
    }
  };
}
