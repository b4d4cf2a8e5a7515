/** Shows what a piece of work is at while a person waits; nothing is left of it on the screen. */
export async function withProgress<T>(
  show: boolean,
  title: string,
  work: (progress: (what: string) => void) => Promise<T>,
): Promise<T> {
  if (!show) return await work(() => {});
  // Loaded here: scripts and pipes need no spinner and should not wait for one.
  const { Listr } = await import('listr2');
  let outcome: { readonly value: T } | null = null;
  const list = new Listr(
    [
      {
        title,
        task: async (_context, task): Promise<void> => {
          outcome = { value: await work((what) => (task.title = what)) };
        },
      },
    ],
    { rendererOptions: { clearOutput: true, showErrorMessage: false }, registerSignalListeners: false },
  );
  await list.run();
  if (outcome === null) throw new Error('the work ended without an outcome');
  return (outcome as { readonly value: T }).value;
}
