import { contexts } from '#contexts';
import type { AnyShardKind, BoundedContext, ContextAudit, Locale } from '#libs/kernel';

/** A context whose log the command line reads. */
export interface AuditedContext {
  readonly context: BoundedContext;
  readonly audit: ContextAudit;
}

/** Every context that has a log. */
export const auditedContexts: readonly AuditedContext[] = contexts.flatMap((context) =>
  context.audit === null ? [] : [{ context, audit: context.audit }],
);

/** Whose a shard is. */
export interface ShardOwner extends AuditedContext {
  readonly locale: Locale;
  readonly kind: AnyShardKind;
}

/** Undefined for a shard of a context that this version does not know. */
export function ownerOf(shard: string): ShardOwner | undefined {
  for (const { context, audit } of auditedContexts) {
    const locale = audit.localeOf(shard);
    const kind = locale && context.shardKinds.find(({ owns }) => owns(shard, locale));
    if (locale !== undefined && kind !== undefined) return { context, audit, locale, kind };
  }
  return undefined;
}
