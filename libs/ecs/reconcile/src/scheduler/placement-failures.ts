import type { PlacementFailure } from '#libs/ecs/messages';
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

/** Why nothing fits: an entry for every instance that refused. */
export function failuresOf(refusals: readonly HostRefusal[]): readonly PlacementFailure[] {
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
