export type { SimulatorClock } from './clock.ts';
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
export { type Connections, type ReceivedOperation, type Simulator, startSimulator } from './simulator.ts';
