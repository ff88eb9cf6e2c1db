/**
 * The process's fault listeners before fabric's libraries load. Their logger adds listeners that keep a process
 * alive after an uncaught error; this module must be imported before them.
 */
const exceptionListeners = new Set(process.listeners('uncaughtException'));
const rejectionListeners = new Set(process.listeners('unhandledRejection'));

/** Takes off exactly the fault listeners that were added since this module was loaded. */
export function removeAddedFaultListeners(): void {
  for (const listener of process.listeners('uncaughtException')) {
    if (!exceptionListeners.has(listener)) process.removeListener('uncaughtException', listener);
  }
  for (const listener of process.listeners('unhandledRejection')) {
    if (!rejectionListeners.has(listener)) process.removeListener('unhandledRejection', listener);
  }
}
