import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import config from '../../docs/operations/deploy/bots.config.ts';
import { image, stages } from './dockerfile.ts';
import { type Container, compose, folder, manifest, type PodSpec, text, unit } from './files.ts';
import { longestStop } from './longest-stop.ts';

const [deployment, job] = [manifest('Deployment'), manifest('Job')];
const pods: readonly [string, PodSpec][] = [deployment, job].map(({ kind, spec }) => [
  kind,
  spec.template.spec,
]);
const worker: Container = deployment.spec.template.spec.containers[0];

/** The variables that the config reads, and the program itself. */
const read = new Set(['LOG_LEVEL', 'LOG_FORMAT', 'NODE_ENV', 'PGPASSWORD', 'XDG_RUNTIME_DIR']);
const env = new Proxy({}, { get: (_, name: string) => void read.add(name) });
if (typeof config === 'function') config({ env });
for (const { password } of parse(text('agents.yaml'))) read.add(password.env);

describe('the deployment files', () => {
  it('set variables that are read, and no other', () => {
    const { migrate, worker: service } = compose.services;
    const set = [
      ...pods.flatMap(([, { containers }]) =>
        containers.flatMap(({ env: all }) => all.map(({ name }) => name)),
      ),
      ...[migrate, service].flatMap(({ environment }) => Object.keys(environment ?? {})),
      ...Object.keys(image.environment),
      ...['usher.service', 'usher@.service'].flatMap((name) =>
        (unit(`systemd/${name}`).get('Environment') ?? [])
          .flatMap((line) => line.split(' '))
          .map((variable) => variable.replace(/(_FILE)?=.*/, '')),
      ),
    ];
    expect(set.length).toBeGreaterThan(30);
    expect(set.filter((name) => !read.has(name))).toEqual([]);
  });

  it('give a worker more time to stop than it may take', () => {
    const { args } = worker;
    const { command = [], stop_grace_period: grace = '' } = compose.services.worker;
    expect(args[0]).toBe('start');
    expect(deployment.spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(
      longestStop(args.slice(1)),
    );
    expect(Number.parseInt(grace, 10)).toBeGreaterThan(longestStop(command.slice(1)));
  });

  it('ask the port that the console listens on', () => {
    const [port] = worker.ports ?? [];
    expect(image.port).toBe(port?.containerPort);
    expect(image.environment).toMatchObject({ HOST: '0.0.0.0', PORT: String(image.port) });
    expect(worker.env.find(({ name }) => name === 'PORT')?.value).toBe(String(image.port));
    for (const probe of [worker.startupProbe, worker.livenessProbe, worker.readinessProbe])
      expect(probe?.httpGet.port).toBe(port?.name);
    expect(compose.services.worker.ports?.[0]).toMatch(new RegExp(`:${image.port}$`));
    expect(manifest('NetworkPolicy').spec.ingress[0]?.ports).toMatchObject([{ port: image.port }]);
  });

  it('run as the user of the image, who is not root and can write nowhere but where a volume is', () => {
    const [uid, gid] = image.user.split(':').map(Number);
    expect(uid).toBeGreaterThan(0);
    for (const [, { securityContext, containers }] of pods) {
      expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: uid, runAsGroup: gid });
      for (const container of containers)
        expect(container).toMatchObject({
          securityContext: {
            readOnlyRootFilesystem: true,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
          },
        });
    }
    for (const name of ['migrate', 'simulator', 'worker'] as const)
      expect(compose.services[name]).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });

  it('mount what there is', () => {
    for (const [, { containers, volumes }] of pods)
      for (const { volumeMounts } of containers)
        expect(volumeMounts.map(({ name }) => name).sort()).toEqual(volumes.map(({ name }) => name).sort());
    const { configMapGenerator, resources } = parse(text('kustomization.yaml')) as {
      readonly configMapGenerator: readonly { readonly name: string; readonly files: readonly string[] }[];
      readonly resources: readonly string[];
    };
    expect(resources.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
    expect(
      configMapGenerator.flatMap(({ files }) => files).filter((file) => !existsSync(join(folder, file))),
    ).toEqual([]);
    const page = text('../../deployment.md');
    const generated = configMapGenerator.map(({ name }) => name);
    const used = pods.flatMap(([, { volumes }]) => volumes.flatMap(({ configMap }) => configMap?.name ?? []));
    const made = used.filter((name) => !generated.includes(name));
    expect(made.filter((name) => !page.includes(`kubectl create configmap ${name} `))).toEqual([]);
    const config = worker.volumeMounts.find(({ name }) => name === 'config');
    expect(config).toMatchObject({ mountPath: `/app/${config?.subPath}` });
    const agents = worker.volumeMounts.find(({ name }) => name === 'agents');
    expect(worker.env.find(({ name }) => name === 'AGENTS_FILE')?.value).toBe(
      `${agents?.mountPath}/agents.yaml`,
    );
  });

  it('take secrets that the page says how to make', () => {
    const page = text('../../deployment.md');
    const made = [...page.matchAll(/^kubectl create secret generic (\S+) (.*)$/gm)].flatMap(
      ([, name = '', rest = '']) =>
        [...rest.matchAll(/--from-(?:literal|file)=([\w-]+)=/g)].map(([, key]) => `${name}/${key}`),
    );
    const used = pods.flatMap(([, { containers }]) =>
      containers.flatMap(({ env: all }) =>
        all.flatMap(({ valueFrom }) =>
          valueFrom ? `${valueFrom.secretKeyRef.name}/${valueFrom.secretKeyRef.key}` : [],
        ),
      ),
    );
    expect([...new Set(used)].sort()).toEqual(made.sort());
    const secret = pods
      .flatMap(([, { containers }]) => containers.flatMap(({ env: all }) => all))
      .filter(({ name }) => /PASSWORD|TOKEN/.test(name));
    expect(secret.filter(({ value }) => value !== undefined)).toEqual([]);
  });

  it('select the pods that there are', () => {
    const { labels } = deployment.spec.template.metadata;
    const selector = { matchLabels: labels };
    expect(deployment.spec.selector).toEqual(selector);
    expect(manifest('PodDisruptionBudget').spec.selector).toEqual(selector);
    for (const { labelSelector } of deployment.spec.template.spec.topologySpreadConstraints ?? [])
      expect(labelSelector).toEqual(selector);
  });

  it('use one image, of the Node that Usher is tested with', () => {
    expect(job.spec.template.spec.containers[0].image).toBe(worker.image);
    const major = process.versions.node.split('.')[0];
    expect(stages.map((stage) => stage.image)).toEqual(stages.map(() => `node:${major}-slim`));
  });

  it('copy into the image what .dockerignore lets through', () => {
    const copied = stages.flatMap(({ instructions }) =>
      instructions
        .filter(({ keyword, flags }) => keyword === 'COPY' && flags['from'] === undefined)
        .flatMap(({ words }) => words.slice(0, -1)),
    );
    const lines = text('.dockerignore').split('\n');
    expect(lines).toContain('*');
    expect(copied.filter((file) => !lines.includes(`!${file}`))).toEqual([]);
  });
});
