#!/usr/bin/env node
// Nothing is imported before the version is known to be good: older Node versions fail on it without a reason.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `usher: Node ${process.versions.node} is too old. Fix: use Node 22.19 or newer; in this repository, npm run brings its own.\n`,
  );
  process.exit(2);
}
const { main } = await import('./main.ts');
await main(process.argv);

export {};
