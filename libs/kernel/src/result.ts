/** What may be refused: the value, or why not. The one shape for it in every layer. */
export type Result<Value, Refusal> = { readonly value: Value } | { readonly rejection: Refusal };

export function ok<Value>(value: Value): { readonly value: Value } {
  return { value };
}
