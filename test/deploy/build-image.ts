import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { program } from '../debian.ts';
import { type Stage, stages } from './dockerfile.ts';

const run = promisify(execFile);

/**
 * Does what the Dockerfile says, in folders instead of images: each stage is one below `into`, and what it says about
 * `/` is about that. Returns the folder of the last.
 *
 * @param context The folder that is built from.
 * @throws Error at an instruction that cannot be done so.
 */
export async function buildImage(context: string, into: string, env: NodeJS.ProcessEnv): Promise<string> {
  const roots = new Map<string | undefined, string>();
  let last = into;
  for (const [at, stage] of stages.entries()) {
    last = join(into, `stage-${at}`);
    roots.set(stage.name, last);
    await perform(stage, { context, root: last, roots, env });
  }
  return last;
}

interface Place {
  readonly context: string;
  readonly root: string;
  readonly roots: ReadonlyMap<string | undefined, string>;
  readonly env: NodeJS.ProcessEnv;
}

async function perform({ instructions }: Stage, { context, root, roots, env }: Place): Promise<void> {
  let folder = '/';
  mkdirSync(root, { recursive: true });
  for (const { keyword, flags, words, raw } of instructions) {
    if (keyword === 'WORKDIR') {
      folder = words[0] ?? '/';
      mkdirSync(join(root, folder), { recursive: true });
    } else if (keyword === 'COPY') {
      const from = flags['from'] === undefined ? context : roots.get(flags['from']);
      if (from === undefined) throw new Error(`COPY --from=${flags['from']}: there is no such stage`);
      const to = join(root, folder, words.at(-1) ?? '');
      const all = words.slice(0, -1);
      // Nobody needs the stage that it is from any more.
      if (flags['from'] !== undefined) renameSync(join(from, all[0] ?? ''), to);
      else for (const word of all) cpSync(join(from, word), join(to, basename(word)));
    } else if (keyword === 'RUN') {
      const [, debianPackage] = /apt-get install -y --no-install-recommends (\w+)/.exec(raw) ?? [];
      if (debianPackage !== undefined) program(debianPackage, debianPackage);
      else await run('sh', ['-c', raw], { cwd: join(root, folder), env });
    } else if (!['ENV', 'USER', 'EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD'].includes(keyword)) {
      throw new Error(`${keyword} ${raw} is not known here`);
    }
  }
}
