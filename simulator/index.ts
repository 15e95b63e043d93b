export type { SimulatorClock } from './clock.ts';
export {
  type FaultDescription,
  type FaultKind,
  type FaultScope,
  type FaultTunables,
  faultCatalogue,
  faultKinds,
  faultScopes,
} from './faults/catalogue.ts';
export { faultIssues } from './faults/check.ts';
export type { FaultControl } from './faults/faults.ts';
export type { FaultOptions, FaultPlan, FaultTuning, InjectedFault } from './faults/options.ts';
export type { ReceivedOperation } from './http/operate.ts';
export type {
  CometdOptions,
  DialectName,
  HumanBehaviour,
  SimulatedAgent,
  SimulatorLogEntry,
  SimulatorOptions,
  WireExchange,
  WireOptions,
} from './options.ts';
export type { Customer as SimulatedCustomer } from './people/customer.ts';
export type { CustomerResult, CustomerScript, CustomerStep, HeardLine } from './people/script.ts';
export type { Refusal } from './refusals.ts';
export { type Connections, type Simulator, startSimulator } from './simulator.ts';
