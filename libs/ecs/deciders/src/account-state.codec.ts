import type { StateCodec } from '#libs/kernel';
import type { AccountState, FamilyState, RevisionState } from './account-state.ts';

interface AccountData extends Omit<AccountState, 'families'> {
  readonly families: readonly (readonly [family: string, FamilyData])[];
}

interface FamilyData extends Omit<FamilyState, 'revisions'> {
  readonly revisions: readonly (readonly [revision: number, RevisionState])[];
}

/** The state of an account's shard as plain data. */
export const accountStateCodec: StateCodec<AccountState> = {
  version: 1,
  encode: encodeAccount,
  decode: (data) => decodeAccount(data as AccountData),
};

function encodeAccount(state: AccountState): AccountData {
  const families = Array.from(state.families, ([family, { revisions, ...known }]) => {
    const copies = Array.from(revisions, ([revision, one]) => [revision, { ...one }] as const);
    return [family, { ...known, revisions: copies }] as const;
  });
  return { ...state, families };
}

function decodeAccount(data: AccountData): AccountState {
  const families = data.families.map(
    ([family, { revisions, ...known }]) => [family, { ...known, revisions: new Map(revisions) }] as const,
  );
  return { ...data, families: new Map(families) };
}
