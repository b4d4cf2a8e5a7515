import type {
  ClusterConfiguration,
  ClusterServiceConnectDefaults,
  ClusterSetting,
  CreateCluster,
  Rejection,
  UpdateCluster,
} from '#libs/ecs/messages';
import { invalidParameter, unsupported } from '../shared/rejections.ts';

export const DEFAULT_SETTINGS: readonly ClusterSetting[] = [{ name: 'containerInsights', value: 'disabled' }];
const CONTAINER_INSIGHTS_VALUES = ['disabled', 'enabled', 'enhanced'];

/** A cluster's configuration as JSON: ECS's members take a fraction of it. It is recorded with the cluster. */
const CONFIGURATION_CHARACTERS_MAX = 8_192;

/** Checks the members that creation and update share. What would be stored and never acted on is refused. */
export function checkClusterMembers(members: Pick<CreateCluster | UpdateCluster, SharedMember>): Rejection | null {
  return (
    checkSettings(members.settings) ??
    checkConfiguration(members.configuration) ??
    checkServiceConnect(members.serviceConnectDefaults)
  );
}

type SharedMember = 'settings' | 'configuration' | 'serviceConnectDefaults';

function checkSettings(settings: readonly ClusterSetting[] = []): Rejection | null {
  for (const { name, value } of settings) {
    if (name !== 'containerInsights') return invalidParameter("Invalid setting 'name'");
    if (!CONTAINER_INSIGHTS_VALUES.includes(value)) return invalidParameter("Invalid setting 'value'");
  }
  return null;
}

/** How ECS Exec sessions are logged may be said before there are any; which key encrypts a volume may not. */
function checkConfiguration(configuration: ClusterConfiguration = {}): Rejection | null {
  const { managedStorageConfiguration = {} } = configuration;
  if (Object.keys(managedStorageConfiguration).length > 0) return unsupported('managedStorageConfiguration');
  if (JSON.stringify(configuration).length <= CONFIGURATION_CHARACTERS_MAX) return null;
  return invalidParameter(`configuration length must be at most ${CONFIGURATION_CHARACTERS_MAX}.`);
}

/** An empty namespace takes the default away, and there never is one. */
function checkServiceConnect(defaults?: ClusterServiceConnectDefaults): Rejection | null {
  return (defaults?.namespace ?? '') === '' ? null : unsupported('serviceConnectDefaults');
}

/** The settings after a request: merged by name. */
export function settingsAfter(
  existing: readonly ClusterSetting[],
  given: readonly ClusterSetting[] = [],
): readonly ClusterSetting[] {
  const merged = new Map(existing.map((setting) => [setting.name, setting]));
  for (const setting of given) merged.set(setting.name, setting);
  return [...merged.values()];
}
