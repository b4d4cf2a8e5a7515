import type { Rejection } from './rejections.ts';

/** Clusters, services, families, containers, volumes. */
export const NAME_PATTERN = /^[A-Za-z0-9_-]{1,255}$/;

/** What `NAME_PATTERN` says, in words. */
export const NAME_RULE = '1 to 255 letters, digits, hyphens and underscores';

export function isName(text: string): boolean {
  return NAME_PATTERN.test(text);
}

/** A cluster's name is also part of its shard's, so a request is refused before there is a shard to send it to. */
export function checkClusterName(clusterName: string): Rejection | null {
  if (isName(clusterName)) return null;
  return { code: 'InvalidParameter', message: `Cluster names have ${NAME_RULE}.` };
}
