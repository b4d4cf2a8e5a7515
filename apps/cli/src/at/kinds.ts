/** What `waybill at` can show. */
export const KINDS = ['clusters', 'services', 'tasks', 'container-instances'] as const;
export type Kind = (typeof KINDS)[number];
