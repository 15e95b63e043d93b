import type { Assumptions } from './assumptions.ts';

/** What a fleet needs at its busiest. */
export interface Size {
  readonly agents: number;
  readonly chats: number;
  readonly answersPerSecond: number;
  readonly commitsPerSecond: number;
  readonly logMbPerSecond: number;
  readonly workers: number;
  /** Of each worker. */
  readonly workerMb: number;
  readonly connections: number;
  readonly renewalsPerSecond: number;
  readonly databaseCores: number;
  readonly databaseGb: number;
  /** From nothing until every agent is logged in. */
  readonly coldStartSeconds: number;
  /** Until the agents of a worker that died are logged in. */
  readonly lossSeconds: number;
}

export function sizeOf(agents: number, given: Assumptions): Size {
  const chats = agents * given.chatsPerAgent;
  const answersPerSecond =
    (chats / given.secondsBetweenMessages) * given.answersPerMessage * given.peakFactor;
  const chatsPerSecond = (chats / (given.minutesPerChat * 60)) * given.peakFactor;
  const commitsPerSecond = answersPerSecond * given.commitsPerAnswer + chatsPerSecond * given.commitsPerChat;
  const cores = (answersPerSecond * given.workerMsPerAnswer) / 1_000 / given.busyAtMost;
  // A worker is one thread: it has no more than a core.
  const needed = Math.max(Math.ceil(cores), Math.ceil(agents / given.agentsPerWorker));
  const workers = needed + Math.ceil((needed * given.workersToSparePerTen) / 10);
  // As many as it has when those to spare are away.
  const most = Math.ceil(agents / needed);
  return {
    agents,
    chats,
    answersPerSecond,
    commitsPerSecond,
    logMbPerSecond: (commitsPerSecond * given.logBytesPerCommit) / 1e6,
    workers,
    workerMb: given.processMb + (most * (given.kbPerAgent + given.chatsPerAgent * given.kbPerChat)) / 1_024,
    connections: workers * given.connectionsPerWorker,
    renewalsPerSecond: workers / given.renewalSeconds,
    databaseCores: Math.max(1, Math.ceil(commitsPerSecond / given.commitsPerCore)),
    databaseGb: (given.serverMb + (chats * given.rowKb) / 1_024) / 1_024,
    coldStartSeconds: agents / given.loginsPerSecond,
    lossSeconds: most / given.loginsPerSecond,
  };
}

/** Cells of docs/operations/scale.md, in the order of `headings`. */
export function cellsOf(size: Size): string[] {
  const whole = (value: number): string => Math.ceil(value).toLocaleString('en-GB');
  const tenth = (value: number): string => (Math.ceil(value * 10) / 10).toLocaleString('en-GB');
  return [
    whole(size.agents),
    whole(size.chats),
    whole(size.answersPerSecond),
    whole(size.commitsPerSecond),
    `${tenth(size.logMbPerSecond)} MB/s`,
    `${whole(size.workers)} of ${whole(size.workerMb)} MB`,
    whole(size.connections),
    tenth(size.renewalsPerSecond),
    `${whole(size.databaseCores)}, ${whole(size.databaseGb)} GB`,
    `${whole(size.coldStartSeconds)} s`,
    `${whole(size.lossSeconds)} s`,
  ];
}

export const headings = [
  'agents',
  'chats',
  'answers/s',
  'commits/s',
  'write-ahead log',
  'workers',
  'connections',
  'renewals/s',
  'PostgreSQL: cores, memory',
  'all log in within',
  'those of a dead worker within',
];
