// Loaded before a child's own main: a child must not outlive the start command, even after kill -9.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
