/** What UpdateContainerInstancesState did, one by one. It is recorded, since events have no failures. */
export interface InstancesAnswer {
  readonly instanceIds: readonly string[];
  readonly failures: readonly { readonly instanceId: string; readonly reason: 'MISSING' | 'INACTIVE' }[];
}
