import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

export const folder = 'docs/operations/deploy';
export const text = (file: string): string => readFileSync(join(folder, file), 'utf8');

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}

export interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly Variable[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly volumeMounts: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly subPath?: string;
  }[];
}

export interface PodSpec {
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext: { readonly runAsUser: number; readonly runAsGroup: number };
  readonly containers: readonly [Container];
  readonly volumes: readonly { readonly name: string; readonly configMap?: { readonly name: string } }[];
  readonly topologySpreadConstraints?: readonly { readonly labelSelector: object }[];
}

/** What of a manifest is looked at here; the schema is that of Kubernetes. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: PodSpec;
    };
    readonly ingress: readonly { readonly ports: readonly { readonly port: number }[] }[];
  };
}

const manifestFiles = ['workers', 'migrate', 'network-policy'].map((name) => `kubernetes/${name}.yaml`);

/** Every manifest, in the order of the files. */
export const manifests = manifestFiles.flatMap((file) =>
  parseAllDocuments(text(file)).map((document) => document.toJS() as Manifest),
);

/** @throws Error when there is none. */
export function manifest(kind: string): Manifest {
  const found = manifests.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`no ${kind} among the manifests`);
  return found;
}

export interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[] };
  readonly stop_grace_period?: string;
  readonly depends_on?: Readonly<Record<string, object>>;
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
}

export const compose = parse(text('compose.yaml'), { merge: true }) as {
  readonly services: Readonly<Record<'postgres' | 'migrate' | 'rights' | 'simulator' | 'worker', Service>>;
  readonly configs: Readonly<Record<string, { readonly file: string }>>;
};

/** The variables of a service, where `given` stands in for what Compose takes from the environment. */
export function environmentOf(
  service: Service,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const filled = (value: string): string =>
    value.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, sign: string, rest: string) => {
      const value = given[name] ?? (sign === '-' ? rest : undefined);
      if (value === undefined) throw new Error(`${name} is not given: ${rest}`);
      return value;
    });
  return Object.fromEntries(
    Object.entries(service.environment ?? {}).map(([name, value]) => [name, filled(value)]),
  );
}

/** The settings of a section of a unit; one that is given several times has several values. */
export function unit(file: string): ReadonlyMap<string, readonly string[]> {
  const settings = new Map<string, string[]>();
  for (const line of text(file).split('\n')) {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (name !== '') settings.set(name, [...(settings.get(name) ?? []), value]);
  }
  return settings;
}
