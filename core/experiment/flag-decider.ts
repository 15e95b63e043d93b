import { randomUUID } from 'node:crypto';
import { type Client, NOOP_PROVIDER, OpenFeature, StandardResolutionReasons } from '@openfeature/server-sdk';
import { firstValueFrom, from, timeout } from 'rxjs';
import type { ExperimentFacts } from '../bot/experiment/arm-tag.ts';
import { UsherError } from '../errors.ts';
import { type AssignmentReason, type Features, holdoutArm } from '../model/experiment.ts';
import type { Decider, Decision } from './decider.ts';
import type { FlagProvider } from './flag-provider.ts';

/** Milliseconds that a flag system may take; the chat waits for it. */
const longestDecision = 1_000;

const reasons: readonly string[] = ['split', 'bandit', 'holdout'] satisfies AssignmentReason[];

/** Asks a provider, through OpenFeature, which arm a unit is in. */
export class FlagDecider implements Decider {
  readonly #client: Client;
  readonly #provider: FlagProvider;
  readonly #ready: Promise<void>;
  readonly #domain = `usher-${randomUUID()}`;

  constructor(provider: FlagProvider) {
    this.#provider = provider;
    // The SDK has one registry for the whole process; a domain keeps two hosts apart.
    this.#ready = OpenFeature.setProviderAndWait(this.#domain, provider);
    // Who waits for it is told; who does not need not be.
    this.#ready.catch(() => undefined);
    this.#client = OpenFeature.getClient(this.#domain);
  }

  /** Closes the provider, which the SDK does as soon as the domain has another one. */
  close(): void {
    OpenFeature.setProvider(this.#domain, NOOP_PROVIDER);
  }

  /** @throws UsherError USHER_EXPERIMENT_PROVIDER if the flag system fails, is late, or names an arm that is none. */
  async decide(
    { key, control, arms }: ExperimentFacts,
    unit: string,
    features: Features,
  ): Promise<Decision | undefined> {
    const fail = (why: string, cause?: unknown): UsherError =>
      new UsherError(
        'USHER_EXPERIMENT_PROVIDER',
        `experiment ${key}: the OpenFeature provider ${this.#provider.metadata.name} ${why}`,
        { cause },
      );
    const asked = async () => {
      await this.#ready;
      return this.#client.getStringDetails(key, control, { ...features, targetingKey: unit });
    };
    const details = await firstValueFrom(from(asked()).pipe(timeout(longestDecision))).catch((thrown) => {
      throw fail(`did not answer: ${thrown instanceof Error ? thrown.message : String(thrown)}`, thrown);
    });
    const { value, reason, errorCode, errorMessage, flagMetadata } = details;
    if (errorCode !== undefined) throw fail(`answers ${errorCode} ${errorMessage ?? ''}`.trimEnd());
    const { DEFAULT, DISABLED } = StandardResolutionReasons;
    if (reason === DEFAULT || reason === DISABLED) return undefined;
    if (value !== holdoutArm && !arms.includes(value))
      throw fail(`gives the arm "${value}"; there are ${arms.join(', ')}`);
    // A flag system that draws arms by chance may tell how, so that its records can be evaluated as ours are.
    const { reason: how, propensity } = flagMetadata;
    return {
      arm: value,
      reason: typeof how === 'string' && reasons.includes(how) ? (how as AssignmentReason) : 'provider',
      ...(typeof propensity === 'number' && { propensity }),
    };
  }
}
