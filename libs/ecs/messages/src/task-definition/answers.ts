/** The revision that RegisterTaskDefinition made. */
export interface TaskDefinitionAnswer {
  readonly family: string;
  readonly revision: number;
}
