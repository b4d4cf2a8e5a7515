import type { DoorRefusal } from '#libs/agents/protocol';

export function refusal(code: string, message: string): DoorRefusal {
  return { error: { code, message } };
}
