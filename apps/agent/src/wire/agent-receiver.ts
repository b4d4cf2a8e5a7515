import type { AgentCore } from '#libs/agents/core';
import type { AgentReceiver } from './nats-agent-wire.ts';

/** What comes over the wire, as inputs of an `AgentCore`. `input` runs one and lets follow what the core then says. */
export function agentReceiver(core: AgentCore, now: () => number, input: (tell: () => void) => void): AgentReceiver {
  return {
    assign: (message) => input(() => core.assign(message, now())),
    fenced: (message) => input(() => core.fenced(message, now())),
    wantedAnswered: (attempt, answer) => input(() => core.wantedAnswered(attempt, answer, now())),
    sessionAnswered: (attempt, answer) => input(() => core.sessionAnswered(attempt, answer, now())),
    definitionsAnswered: (requestId, answer) => input(() => core.definitionsAnswered(requestId, answer, now())),
    reportAnswered: (requestId, answer) => input(() => core.reportAnswered(requestId, answer, now())),
    connectionUp: () => input(() => core.connectionUp(now())),
    connectionLost: () => input(() => core.connectionLost(now())),
  };
}
