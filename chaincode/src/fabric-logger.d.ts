declare module 'fabric-contract-api/lib/logger.js' {
  const logger: { setLevel(level: string): void };
  export default logger;
}
