import type { Rejection } from '#libs/ecs/messages';
import { unsupported } from './rejections.ts';

/**
 * Refuses members that this version would have to leave out. Everything that is not served must say "none" or "off".
 *
 * @param words what a member belongs to: `The service member`
 */
export function checkServed(request: object, served: ReadonlySet<string>, words: string): Rejection | null {
  for (const [member, value] of Object.entries(request)) {
    if (!served.has(member) && !saysNone(value)) return unsupported(`${words} ${member}`);
  }
  return null;
}

function saysNone(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== 'object') return false;
  return ('enabled' in value && value.enabled === false) || Object.values(value).every(saysNone);
}
