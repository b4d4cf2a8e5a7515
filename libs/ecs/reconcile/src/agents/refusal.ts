import type { AgentRefusal } from '#libs/agents/protocol';

export function refusal(code: string, message: string): AgentRefusal {
  return { error: { code, message } };
}
