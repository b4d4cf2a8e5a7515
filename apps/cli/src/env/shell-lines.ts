/** The shells that `waybill env` writes for; `json` is one object for programs. */
export type ShellName = 'sh' | 'fish' | 'json';
export const SHELL_NAMES: readonly ShellName[] = ['sh', 'fish', 'json'];

/** Text that sets environment variables when the shell evaluates it. Values may hold anything but a NUL. */
export function shellLines(shell: ShellName, variables: Readonly<Record<string, string>>): string {
  const entries = Object.entries(variables);
  switch (shell) {
    case 'sh':
      return entries.map(([name, value]) => `export ${name}=${quoteForSh(value)}`).join('\n');
    case 'fish':
      return entries.map(([name, value]) => `set -gx ${name} ${quoteForFish(value)};`).join('\n');
    case 'json':
      return JSON.stringify(variables, null, 2);
  }
}

/** POSIX: nothing is special between single quotes but the single quote itself. */
export function quoteForSh(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

/** fish: between single quotes, a backslash escapes itself and the single quote. */
export function quoteForFish(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
}
