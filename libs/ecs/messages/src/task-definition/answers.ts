/** The revision that RegisterTaskDefinition made. */
export interface TaskDefinitionAnswer {
  readonly family: string;
  readonly revision: number;
}

/** What DeleteTaskDefinitions did, revision by revision. It is recorded, since events have no failures. */
export interface TaskDefinitionsDeletedAnswer {
  readonly taskDefinitions: readonly (TaskDefinitionAnswer & {
    readonly previousStatus: 'INACTIVE' | 'DELETE_IN_PROGRESS';
  })[];
  /** `name` as the caller gave it. */
  readonly failures: readonly { readonly name: string; readonly reason: string }[];
}
