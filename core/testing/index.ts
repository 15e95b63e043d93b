export { type Duration, milliseconds } from './duration.ts';
export * from './expected-operations.ts';
export {
  type GatewayGround,
  type GatewayPromise,
  gatewayContract,
  type MakeGateway,
} from './gateway-contract.ts';
export { type ChatScript, type MarbleChat, type ScriptedLine, says } from './marble-chat.ts';
export { type MarbleKit, type MarbleOptions, marbles } from './marbles.ts';
export { type PluginCheck, type PluginContractOptions, pluginContract } from './plugin-contract.ts';
export { BotSide, type Finding, type Patience } from './scene/bot-side.ts';
export type { Colleague } from './scene/colleague.ts';
export type { Customer, JoinOptions } from './scene/customer.ts';
export type { ExpectedText } from './scene/deed.ts';
export { type ScriptedKit, type ScriptedOptions, scripted } from './scripted.ts';
export { type Fault, faultKinds } from './server/faults.ts';
export { people, testAgent } from './server/people.ts';
export { type StoreCheck, storeContract } from './store-contract.ts';
export { VirtualTime } from './virtual-time.ts';
