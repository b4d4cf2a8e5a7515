import { parentPort, workerData } from 'node:worker_threads';
import { WriterLeases } from '#libs/event-store-jetstream';
import { connectNats, controlPlaneUser, natsOptionsFromEnv } from '#libs/platform';
import { LeaseMemory, monotonicMs } from './lease-memory.ts';
import type { LeaseNews, LeaseOrder } from './lease-thread.ts';

/* The thread that keeps the lease: its own event loop and its own connection, whatever the other thread is busy with. */

const { env, key, holder, buffer, ownerSilenceMsMax } = workerData as LeaseOrder;
const memory = new LeaseMemory(buffer);

const nc = await connectNats({
  ...natsOptionsFromEnv(env),
  name: 'waybill-control-plane-lease',
  inboxPrefix: controlPlaneUser().inboxPrefix,
});
void nc.closed().then((error) => {
  if (error instanceof Error) throw error;
});
const leases = await WriterLeases.open(nc);
const campaign = leases.campaign(key, holder, {
  onAcquired: () => report({ kind: 'acquired' }),
  onLost: (reason) => {
    memory.heldUntil = 0;
    report({ kind: 'lost', reason });
  },
  onHeld: (forMs) => memory.holdUntil(monotonicMs() + forMs),
  mayHold: () => monotonicMs() - memory.ownerSeenAt <= ownerSilenceMsMax,
});

parentPort?.once('message', () => {
  void campaign.resign().then(() => report({ kind: 'resigned' }));
});

function report(news: LeaseNews): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is not a window
  parentPort?.postMessage(news);
}
