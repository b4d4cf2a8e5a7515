/** Every secret of the simulated world begins with this. */
export const CANARY = 'canary-';

/** An environment whose value must never be seen outside of it. */
export function secretEnvironment(name: string): readonly { readonly name: string; readonly value: string }[] {
  return [{ name: 'PASSWORD', value: `${CANARY}${name}` }];
}
