/** What UpdateContainerInstancesState did, one by one. It is recorded, since the events do not tell the failures. */
export interface InstancesAnswer {
  readonly instanceIds: readonly string[];
  readonly failures: readonly { readonly instanceId: string; readonly reason: 'MISSING' | 'INACTIVE' }[];
}
