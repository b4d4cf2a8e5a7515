import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredCommit } from '#libs/event-store';
import { JournalProbe, moveCursors, rewriteJournal } from '#libs/event-store-jetstream';
import { CliProblem } from '../shell/cli-problem.ts';
import { examine, type Examined } from './examine.ts';
import { findingText } from './findings.ts';
import { checkRoom, copyStore, exchangeStores, JOURNAL_FILES, workFolderOf } from './store-files.ts';
import { startWorkServer, storeOf } from './work-server.ts';

export interface RepairOptions {
  /** The nats-server program. */
  readonly binary: string;
  /** The store_dir of the nats-server that is stopped. */
  readonly store: string;
  readonly progress: (what: string) => void;
  readonly nowMs: () => number;
}

/** Reads the store of a stopped nats-server, on a copy: starting a server on the original could change it. */
export async function examineStore(options: RepairOptions, use: (probe: JournalProbe) => Promise<void>): Promise<void> {
  const { binary, store, progress } = options;
  const work = workFolderOf(store);
  await rm(work, { recursive: true, force: true });
  try {
    progress('copying the store');
    await checkRoom(store, 1);
    const folder = join(work, 'as-it-is');
    await copyStore(store, storeOf(folder), null);
    const server = await startWorkServer(binary, folder);
    try {
      await use(new JournalProbe(server.nc, 'owner'));
    } finally {
      await server.stop();
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * Writes the journal anew without the messages that are not commits: every commit in its order, its text byte for byte. The
 * stream has the same settings, so nothing of it could be deleted. The old store stays beside the new one.
 * @param before what the examination of this very store found: nothing but messages that are not commits
 * @returns where the old store is kept
 */
export async function repair(options: RepairOptions, probe: JournalProbe, before: Examined): Promise<string> {
  const { binary, store, progress, nowMs } = options;
  await checkRoom(store, 1);
  const folder = join(workFolderOf(store), 'repaired');
  progress('copying what is not the journal');
  await copyStore(store, storeOf(folder), JOURNAL_FILES);
  const foreign = before.findings.flatMap((finding) => (finding.kind === 'foreign' ? [finding.position] : []));
  const server = await startWorkServer(binary, folder);
  try {
    await rewriteJournal(
      server.nc,
      commitsOf(probe, (position) => progress(`writing commit ${position} again`)),
    );
    // Positions moved up by as many messages as were taken out before them.
    await moveCursors(server.nc, (at) => at - foreign.filter((position) => position <= at).length);
    progress('checking what was written');
    const after = await examine(new JournalProbe(server.nc, 'owner'), null);
    const [problem] = after.findings;
    if (problem !== undefined || after.digest !== before.digest || after.commits !== before.commits) {
      const why = problem === undefined ? 'its commits differ' : findingText(problem);
      throw new CliProblem(`the repaired log is not right (${why}); the old one is as it was`);
    }
  } finally {
    await server.stop();
  }
  return await exchangeStores(store, storeOf(folder), new Date(nowMs()).toISOString().replaceAll(/[:.]/g, '-'));
}

async function* commitsOf(probe: JournalProbe, progress: (position: number) => void): AsyncIterable<StoredCommit> {
  const head = await probe.head();
  for await (const place of probe.places(head?.end ?? 0)) {
    if (place.kind !== 'commit') continue;
    if (place.commit.streamRevision % 1_000 === 0) progress(place.commit.streamRevision);
    yield place.commit;
  }
}
