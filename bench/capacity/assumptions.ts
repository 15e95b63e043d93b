/** What the size of a fleet is reckoned from. docs/operations/scale.md says where each figure comes from. */
export const assumptions = {
  chatsPerAgent: 10,
  minutesPerChat: 8,
  secondsBetweenMessages: 30,
  answersPerMessage: 1,
  peakFactor: 1.5,
  workerMsPerAnswer: 2.5,
  busyAtMost: 0.6,
  agentsPerWorker: 1_000,
  workersToSparePerTen: 1,
  processMb: 150,
  kbPerAgent: 300,
  kbPerChat: 20,
  commitsPerAnswer: 2,
  commitsPerChat: 2,
  logBytesPerCommit: 1_300,
  commitsPerCore: 2_500,
  rowKb: 2,
  serverMb: 1_024,
  connectionsPerWorker: 4,
  renewalSeconds: 7.5,
  loginsPerSecond: 100,
};

export type Assumptions = { readonly [Name in keyof typeof assumptions]: number };
