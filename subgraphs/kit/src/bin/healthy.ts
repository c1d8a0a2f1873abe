// The health check of every image: no imports, because it starts every few seconds.
const url = process.env.MUSTER_HEALTH_URL || 'http://127.0.0.1:4400/healthz';

process.exitCode = await fetch(url, { signal: AbortSignal.timeout(3_000) }).then(
  ({ ok }) => (ok ? 0 : 1),
  () => 1,
);

export {};
