import { spawnSync } from 'node:child_process';

/**
 * A program that tests need and npm does not bring: from the PATH, or else from Debian's package, installed now.
 *
 * @throws Error that says what to install, when that cannot be done here.
 */
export function program(name: string, debianPackage: string): string {
  const there = find(name);
  if (there !== undefined) return there;
  if (process.getuid?.() === 0) {
    spawnSync('apt-get', ['update', '-q'], { stdio: 'ignore' });
    // Another test may be installing something, too.
    const patience = ['-o', 'DPkg::Lock::Timeout=300'];
    spawnSync('apt-get', [...patience, 'install', '-y', '-q', '--no-install-recommends', debianPackage], {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
  const installed = find(name);
  if (installed !== undefined) return installed;
  throw new Error(`${name} is missing: apt-get install ${debianPackage}`);
}

function find(name: string): string | undefined {
  const { status, stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
