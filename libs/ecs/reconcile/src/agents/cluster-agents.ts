import { AGENT_MESSAGE_BYTES_MAX, heartbeat, HEARTBEAT_TIMEOUT_SECONDS, read } from '#libs/agents/protocol';
import type { AssignMessage, FencedMessage } from '#libs/agents/protocol';
import type { ClusterState } from '#libs/ecs/deciders';
import { clusterShard, parseShard } from '#libs/ecs/messages';
import type { ClusterCommand, ClusterEffect } from '#libs/ecs/messages';
import type { AgentHeartbeat, AgentsProtocol, HeartbeatVerdict, Locale } from '#libs/kernel';
import { agentRequests } from './agent-requests.ts';
import { assignMessages } from './assign-messages.ts';
import { heartbeatVerdict } from './heartbeat-verdict.ts';
import { refusal } from './refusal.ts';

/**
 * The host agents of clusters: a group is a cluster, a host a container instance.
 *
 * @param messageBytesMax wanted sets, definitions and directives that are larger, as JSON, go in several messages
 */
export function clusterAgents(
  locale: Locale,
  messageBytesMax: number = AGENT_MESSAGE_BYTES_MAX,
): AgentsProtocol<ClusterState, ClusterCommand, ClusterEffect> {
  return {
    shardOf: (cluster) => clusterShard(locale.account, cluster),
    groupOf: (shard) => parseShard(shard)?.cluster ?? null,
    requests: agentRequests(locale, messageBytesMax),
    // Not created, or its writer is being opened again: the agent asks again later.
    absent: (cluster) => refusal('ClusterNotFoundException', `Cluster not found: ${cluster}.`),
    unavailable: refusal('ServerException', 'The cluster changes its writer. Please try again.'),
    heartbeat: (payload) => {
      const found = read(heartbeat, payload);
      return 'value' in found ? found.value : null;
    },
    heard,
    silenceMs: HEARTBEAT_TIMEOUT_SECONDS * 1_000,
    connected: ({ instances }) =>
      [...instances.values()].flatMap(({ connected, instanceId, sessionId }) =>
        connected ? [{ host: instanceId, sessionId }] : [],
      ),
    silent: ({ host, sessionId }) => ({ type: 'ReportInstanceDisconnected', instanceId: host, sessionId }),
    directives: (effects, term) =>
      [...assignMessages(effects, term, messageBytesMax)].flatMap(([host, messages]) =>
        messages.map((message) => ({ host, message })),
      ),
  };
}

function heard(
  state: ClusterState,
  host: string,
  { sessionId, version }: AgentHeartbeat,
  term: number,
): { readonly verdict: HeartbeatVerdict; readonly directive: object | null } {
  const known = state.instances.get(host);
  const verdict = heartbeatVerdict(known, { sessionId, version });
  switch (verdict) {
    case 'alive':
      return { verdict, directive: null };
    case 'behind':
      return { verdict, directive: emptyDifference(sessionId, known?.wantedVersion ?? 0, term) };
    case 'lost':
      return { verdict, directive: emptyDifference(sessionId, Number.MAX_SAFE_INTEGER, term) };
    case 'fenced': {
      const fenced: FencedMessage = { term, sessionId, fenced: true };
      return { verdict, directive: fenced };
    }
  }
}

/** To a version that the agent does not have: a gap, so it asks for the whole set. */
function emptyDifference(sessionId: string, version: number, term: number): AssignMessage {
  return { term, sessionId, fromVersion: version, toVersion: version, tasks: [] };
}
