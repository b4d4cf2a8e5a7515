/** The shells that `waybill env` writes for. */
export type ShellName = 'sh' | 'fish';
export const SHELL_NAMES: readonly ShellName[] = ['sh', 'fish'];

/** Text that sets environment variables when the shell evaluates it. Values may hold anything but a NUL. */
export function shellLines(shell: ShellName, variables: Readonly<Record<string, string>>): string {
  const entries = Object.entries(variables);
  switch (shell) {
    case 'sh':
      return entries.map(([name, value]) => `export ${name}=${quoteForSh(value)}`).join('\n');
    case 'fish':
      return entries.map(([name, value]) => `set -gx ${name} ${quoteForFish(value)};`).join('\n');
  }
}

/** Text that removes environment variables when the shell evaluates it. */
export function unsetLines(shell: ShellName, names: readonly string[]): string {
  switch (shell) {
    case 'sh':
      return `unset ${names.join(' ')}`;
    case 'fish':
      return `set -e ${names.join(' ')};`;
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
