import type { AnyAgentsProtocol, BoundedContext, Locale } from '#libs/kernel';

/** What hosts' agents send and are sent: AnyAgentsProtocol. */
export const AGENTS_PROTOCOL = Symbol('AnyAgentsProtocol');

/** The protocol of the one context that has agents: their subjects do not name it. */
export function protocolOf(contexts: readonly BoundedContext[], locale: Locale): AnyAgentsProtocol {
  const [protocol, another] = contexts.flatMap((context) => context.agents(locale) ?? []);
  if (protocol === undefined || another !== undefined) throw new Error('exactly one context has agents');
  return protocol;
}
