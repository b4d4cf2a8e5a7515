import { clusterStateCodec } from '#libs/ecs/deciders';
import type { ClusterState } from '#libs/ecs/deciders';
import { canonicalJson, decodeCommit, ShardFold } from '#libs/kernel';
import type { BoundedContext, ChainHead } from '#libs/kernel';
import type { SimControlPlane } from '../control-plane/sim-control-plane.ts';
import { PRODUCT_DECIDERS } from '../parts.ts';
import { CLUSTER_SHARD, LOCALE } from '../world/names.ts';
import { sha256 } from '../world/sha256.ts';
import type { SimJournal } from '../world/sim-journal.ts';
import type { Auditor } from './auditor.ts';
import { checkInstance, takenOf } from './log-checks.ts';
import type { LogModel } from './log-model.ts';
import type { ReportViolation } from './violation.ts';

/**
 * S16, S7 and S20 at a moment when the writer has nothing under way: its state is the fold of the log, and what it thinks is
 * free is what the log's tasks leave.
 */
export function checkState(auditor: Auditor, state: ClusterState, head: ChainHead, report: ReportViolation): void {
  // A writer that has been overtaken and does not know it yet has an older state, which was checked at its time.
  if (auditor.headOf(CLUSTER_SHARD).hash !== head.hash) return;
  const live = textOf(state);
  const folded = textOf(auditor.folded);
  if (live !== folded)
    report('S16', `at revision ${head.revision} the live state differs: ${difference(live, folded)}`);
  checkRemaining(auditor.model, state, report);
  auditor.retention.look(head.at);
}

/** What a state hash covers. */
function textOf(state: ClusterState): string {
  return canonicalJson(clusterStateCodec.encode(state));
}

function checkRemaining(model: LogModel, state: ClusterState, report: ReportViolation): void {
  for (const instance of model.instances.values()) {
    if (instance.status === 'INACTIVE') continue;
    checkInstance(instance, report);
    const remaining = state.placement.remaining(instance.instanceId);
    const taken = takenOf(instance);
    const cpu = instance.resources.cpu - taken.cpu;
    const memory = instance.resources.memory - taken.memory;
    if (remaining?.cpu !== cpu || remaining.memory !== memory) {
      const thought = `${remaining?.cpu ?? 'nothing'}/${remaining?.memory ?? 'nothing'}`;
      report('S7', `${instance.instanceId} has ${cpu}/${memory} left, its writer thinks ${thought}`);
    }
  }
}

/** S16 at the end: everything is folded once more from the very first commit. */
export function checkFromScratch(
  auditor: Auditor,
  journal: SimJournal,
  contexts: readonly BoundedContext[],
  controlPlanes: readonly SimControlPlane[],
  report: ReportViolation,
): void {
  const fold = new ShardFold(CLUSTER_SHARD, PRODUCT_DECIDERS.cluster, sha256);
  for (const { text } of journal.commitsOf(CLUSTER_SHARD, 0)) fold.apply(text);
  const folded = textOf(fold.state);
  const incremental = textOf(auditor.folded);
  if (folded !== incremental) report('S16', `two folds of one log differ: ${difference(incremental, folded)}`);
  for (const context of contexts) checkViewsOf(context, journal, controlPlanes, report);
}

function checkViewsOf(
  context: BoundedContext,
  journal: SimJournal,
  controlPlanes: readonly SimControlPlane[],
  report: ReportViolation,
): void {
  const views = context.createViews(LOCALE);
  for (const { text } of journal.commits) views.apply(decodeCommit(text));
  for (const controlPlane of controlPlanes) {
    const shown = controlPlane.viewsOf(context.name);
    for (const shard of journal.shards()) {
      const revision = shown?.revisionOf(shard);
      if (revision !== views.revisionOf(shard)) {
        report('L5', `the view of ${shard} in ${controlPlane.name} is at ${revision} of ${views.revisionOf(shard)}`);
        continue;
      }
      const live = canonicalJson(shown?.contentOf(shard));
      const scratch = canonicalJson(views.contentOf(shard));
      if (live !== scratch) {
        report('S16', `the view of ${shard} in ${controlPlane.name} differs: ${difference(live, scratch)}`);
      }
    }
  }
}

/** The first place where two texts differ, with some of what is around it. */
function difference(a: string, b: string): string {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const around = (text: string): string => text.slice(Math.max(0, at - 120), at + 80);
  return `…${around(a)}… instead of …${around(b)}…`;
}
