import { agents, commands, inboxes, shards } from '#libs/subjects';

/** Where requests come in, for metrics. */
export type EntryPoint = 'commands' | 'agents' | 'discovery' | 'shards';

export interface Sender {
  readonly entryPoint: EntryPoint;
  /** A response may go below these only. Empty: the message is not answered, and must not ask for it. */
  readonly inboxPrefixes: readonly string[];
}

const DISCOVERY = '$SRV.';
/** No cluster or instance has a name with a dot. */
const HEARTBEAT_END = '.heartbeat';

/**
 * Who sent a request, as far as its subject proves it (NATS permissions give everyone its own subjects), and where that
 * sender awaits responses. Null: no client may send there.
 */
export function senderOf(subject: string): Sender | null {
  if (commands.isOne(subject)) {
    return { entryPoint: 'commands', inboxPrefixes: [inboxes.principal(commands.principalOf(subject))] };
  }
  if (agents.isOne(subject)) {
    const isHeartbeat = subject.endsWith(HEARTBEAT_END);
    return {
      entryPoint: 'agents',
      inboxPrefixes: isHeartbeat ? [] : [inboxes.agent(agents.partsOf(subject).instanceId)],
    };
  }
  if (shards.isOne(subject)) return { entryPoint: 'shards', inboxPrefixes: [inboxes.controlPlane] };
  // The micro service protocol has one subject for all, so it proves no sender; its responses are a public catalogue.
  if (subject.startsWith(DISCOVERY)) return { entryPoint: 'discovery', inboxPrefixes: inboxes.ofClients };
  return null;
}

/** Whether a request may be served: its response would reach its sender's own inbox. */
export function isAnswerable({ inboxPrefixes }: Sender, reply: string | undefined): boolean {
  if (inboxPrefixes.length === 0) return reply === undefined || reply === '';
  return reply !== undefined && inboxPrefixes.some((prefix) => inboxes.isBelow(prefix, reply));
}
