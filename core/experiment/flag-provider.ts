import type {
  CommonProvider,
  EvaluationContext,
  JsonValue,
  Logger,
  ResolutionDetails,
  ServerProviderStatus,
} from '@openfeature/core';

/**
 * A provider of OpenFeature, as its server SDK has it. Arms are asked for as strings.
 *
 * Written out here because the SDK's own declarations do not hold with each version of Node's, and a config must.
 */
export interface FlagProvider extends CommonProvider<ServerProviderStatus> {
  resolveStringEvaluation(
    flag: string,
    otherwise: string,
    context: EvaluationContext,
    logger: Logger,
  ): Promise<ResolutionDetails<string>>;
  resolveBooleanEvaluation(
    flag: string,
    otherwise: boolean,
    context: EvaluationContext,
    logger: Logger,
  ): Promise<ResolutionDetails<boolean>>;
  resolveNumberEvaluation(
    flag: string,
    otherwise: number,
    context: EvaluationContext,
    logger: Logger,
  ): Promise<ResolutionDetails<number>>;
  resolveObjectEvaluation<Value extends JsonValue>(
    flag: string,
    otherwise: Value,
    context: EvaluationContext,
    logger: Logger,
  ): Promise<ResolutionDetails<Value>>;
}
