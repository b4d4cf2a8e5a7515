import type { ClusterEvent } from '#libs/ecs/messages';
import { HEARTBEAT_TIMEOUT_SECONDS } from '#libs/agents/protocol';
import type { SimControlPlane } from '../control-plane/sim-control-plane.ts';
import type { ObservedHost } from '../host/agent-observer.ts';
import type { EventCheck } from './event-check.ts';
import type { LogModel } from './log-model.ts';
import type { ReportViolation } from './violation.ts';

/** Heartbeats that are missing are noticed, reported and recorded within the time-out and this much. */
const SILENCE_SLACK_MS = 31_000;
/** Two agents that fence each other open sessions at this pace at most: one after the other's pause. */
const SESSIONS_PER_MINUTE_MAX = 120;

export interface SessionChecksOptions {
  readonly model: LogModel;
  readonly now: () => number;
  readonly report: ReportViolation;
}

/** L6: who is silent counts as disconnected, who speaks is connected and stays. */
export class SessionChecks implements EventCheck {
  readonly #options: SessionChecksOptions;
  /** When a session was heard of last by the process that writes (ms), by instance. */
  readonly #heardAt = new Map<string, { readonly sessionId: string; readonly at: number }>();
  #writer: SimControlPlane | null = null;
  /** Since when the same process writes (ms). */
  #writesSince = 0;
  readonly #connectedAt = new Map<string, number[]>();
  /** How often instances came back or were lost so far. */
  changes = 0;

  constructor(options: SessionChecksOptions) {
    this.#options = options;
  }

  after(event: ClusterEvent): void {
    if (event.type === 'ContainerInstanceDisconnected' || event.type === 'ContainerInstanceConnected')
      this.changes += 1;
    if (event.type !== 'ContainerInstanceConnected' && event.type !== 'ContainerInstanceRegistered') return;
    const { containerInstanceId: instanceId, sessionId } = event;
    const now = this.#options.now();
    this.#heardAt.set(instanceId, { sessionId, at: now });
    const recent = [...(this.#connectedAt.get(instanceId) ?? []).filter((at) => at > now - 60_000), now];
    this.#connectedAt.set(instanceId, recent);
    if (recent.length > SESSIONS_PER_MINUTE_MAX) {
      this.#options.report('L6', `${instanceId} has opened ${recent.length} sessions in a minute`);
    }
  }

  heartbeatArrived({ instanceId }: ObservedHost, sessionId: string): void {
    const heard = this.#heardAt.get(instanceId);
    if (heard?.sessionId === sessionId) this.#heardAt.set(instanceId, { sessionId, at: this.#options.now() });
  }

  /** Called every few seconds. */
  look(controlPlanes: readonly SimControlPlane[], journalIsUp: boolean): void {
    const now = this.#options.now();
    const [writer, ...others] = controlPlanes.filter(({ isWriting }) => isWriting);
    if (writer === undefined || others.length > 0 || !journalIsUp) {
      this.#writer = null;
      return;
    }
    if (writer !== this.#writer) {
      this.#writer = writer;
      this.#writesSince = now;
    }
    for (const { instanceId, connected } of this.#options.model.instances.values()) {
      if (!connected) continue;
      const silentMs = now - Math.max(this.#heardAt.get(instanceId)?.at ?? 0, this.#writesSince);
      if (silentMs <= HEARTBEAT_TIMEOUT_SECONDS * 1_000 + SILENCE_SLACK_MS) continue;
      this.#options.report('L6', `${instanceId} counts as connected, it was not heard of for ${silentMs} ms`);
    }
  }
}
