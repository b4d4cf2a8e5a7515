import { accountShard, clusterShard } from '#libs/ecs/messages';
import type { Locale } from '#libs/kernel';

/** The one account, region and cluster of a simulated world. */
export const LOCALE: Locale = { region: 'us-east-1', account: '000000000000' };
export const CLUSTER = 'default';
/** Those that the cluster lists. */
export const CAPACITY_PROVIDERS = ['FARGATE', 'FARGATE_SPOT'] as const;
export const ACCOUNT_SHARD = accountShard(LOCALE.account);
export const CLUSTER_SHARD = clusterShard(LOCALE.account, CLUSTER);
/** The end of the network where journal and lease live. */
export const JOURNAL_END = 'journal';
/** The end of the network where those live who send commands. */
export const CALLER_END = 'caller';
