import type { PlacementFailure } from '#libs/ecs/messages';
import { REFUSALS } from '#libs/ecs/placement';
import type { HostRefusal } from '#libs/ecs/placement';

/**
 * Refusals that are listed one by one, as in ECS; of the others each reason is listed once, with their number. Several
 * requests may find no place in one decision, and it must fit into one commit.
 */
export const REFUSALS_LISTED_MAX = 500;
/** Characters of their details together. The hosts of a cluster mostly lack the same, so that the first ones say it all. */
export const REFUSAL_DETAILS_CHARACTERS_MAX = 8_192;

/** What ECS says when there is nothing to look at. */
const NO_INSTANCES: PlacementFailure = {
  instanceId: null,
  reason: 'No Container Instances were found in your cluster.',
};

/** ECS always has such hosts; here they have to be added. */
const NO_FARGATE_HOST =
  'no ACTIVE host of this cluster takes the launch type FARGATE; an agent with WAYBILL_LAUNCH_TYPES=FARGATE adds one';

/** Why nothing fits: an entry for every instance that refused. Of Fargate's hosts nobody knows, so it has one alone. */
export function failuresOf(refusals: readonly HostRefusal[], launchType: string): readonly PlacementFailure[] {
  if (launchType === 'FARGATE') return [fargateFailure(refusals)];
  if (refusals.length === 0) return [NO_INSTANCES];
  const failures: PlacementFailure[] = [];
  const further = new Map<string, number>();
  let detailCharacters = 0;
  for (const { hostId, reason, detail } of refusals) {
    if (failures.length < REFUSALS_LISTED_MAX) {
      detailCharacters += detail?.length ?? 0;
      const isListed = detail !== undefined && detailCharacters <= REFUSAL_DETAILS_CHARACTERS_MAX;
      failures.push({ instanceId: hostId, reason, ...(isListed && { detail }) });
    } else further.set(reason, (further.get(reason) ?? 0) + 1);
  }
  for (const [reason, count] of further) {
    failures.push({ instanceId: null, reason, detail: `and ${count} more container instances` });
  }
  return failures;
}

/** What no host can do, if that is what all of them lack; else that there is no room, and how it came to that. */
function fargateFailure(refusals: readonly HostRefusal[]): PlacementFailure {
  const [first] = refusals;
  if (first === undefined) return { instanceId: null, reason: REFUSALS.fargate, detail: NO_FARGATE_HOST };
  const withCapabilities = refusals.filter(({ reason }) => reason !== REFUSALS.attribute);
  if (withCapabilities.length === 0) {
    const { reason, detail } = first;
    return { instanceId: null, reason, ...(detail !== undefined && { detail }) };
  }
  const counts = new Map<string, number>();
  for (const { reason } of refusals) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const detail = Array.from(counts, ([reason, count]) => `${reason} on ${count} of the hosts`).join(', ');
  return { instanceId: null, reason: REFUSALS.fargate, detail };
}
