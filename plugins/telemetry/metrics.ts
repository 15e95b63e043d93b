/** How a metric is taken, what is counted, and by which attributes it can be told apart. */
export interface MetricDescription {
  readonly kind: 'counter' | 'histogram' | 'gauge';
  readonly unit: string;
  readonly description: string;
  readonly attributes: readonly string[];
}

/** Every metric by its OpenTelemetry name; docs/metrics.md lists them all. */
export const metrics = {
  'usher.invitations': {
    kind: 'counter',
    unit: '{invitation}',
    description: 'Chats that were offered to an agent',
    attributes: [],
  },
  'usher.accept.latency': {
    kind: 'histogram',
    unit: 's',
    description: 'From the invitation to the answer that it was accepted',
    attributes: [],
  },
  'usher.greeting.latency': {
    kind: 'histogram',
    unit: 's',
    description: "From the agent's arrival in the chat to the first thing that a bot says",
    attributes: [],
  },
  'usher.reply.latency': {
    kind: 'histogram',
    unit: 's',
    description: "From the first line of the customer's that waits to the next thing that a bot says",
    attributes: ['reply'],
  },
  'usher.chats.open': {
    kind: 'gauge',
    unit: '{chat}',
    description: 'Chats that are open now',
    attributes: ['owner'],
  },
  'usher.chats.ended': {
    kind: 'counter',
    unit: '{chat}',
    description: 'Chats that have ended for the agent',
    attributes: ['reason'],
  },
  'usher.notifications': {
    kind: 'counter',
    unit: '{notification}',
    description: 'Notifications that came',
    attributes: ['type'],
  },
  'usher.duplicates.dropped': {
    kind: 'counter',
    unit: '{notification}',
    description: 'Notifications with transcript lines that had been told before',
    attributes: [],
  },
  'usher.operations': {
    kind: 'counter',
    unit: '{operation}',
    description: 'Operations by what became of them',
    attributes: ['operation', 'outcome', 'reason', 'plugin'],
  },
  'usher.operation.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'From the request of a plugin to the outcome of the operation',
    attributes: ['operation', 'outcome'],
  },
  'usher.handoffs': {
    kind: 'counter',
    unit: '{handoff}',
    description: 'Hand-overs to a colleague, each time that they come to another phase',
    attributes: ['phase', 'reason'],
  },
  'usher.owner.changes': {
    kind: 'counter',
    unit: '{change}',
    description: 'How often somebody else got the word in a chat',
    attributes: ['owner'],
  },
  'usher.recoveries': {
    kind: 'counter',
    unit: '{recovery}',
    description: 'Connections that were lost and stand again, with what was missed read',
    attributes: [],
  },
  'usher.recovery.gap': {
    kind: 'histogram',
    unit: 's',
    description: 'How long an agent was without a connection',
    attributes: [],
  },
  'usher.lane.depth': {
    kind: 'gauge',
    unit: '{line}',
    description: "Customers' lines that wait for a plugin or are handled by it",
    attributes: ['plugin'],
  },
  'usher.plugin.failures': {
    kind: 'counter',
    unit: '{failure}',
    description: 'Failures of plugins by their error code',
    attributes: ['plugin', 'code'],
  },
  'usher.plugins.quarantined': {
    kind: 'gauge',
    unit: '{plugin}',
    description: 'Plugins that are kept away from the chats, in all agent sessions together',
    attributes: ['plugin'],
  },
  'usher.problems': {
    kind: 'counter',
    unit: '{problem}',
    description: 'Everything that was dropped, malformed, refused or broken, by its code',
    attributes: ['code'],
  },
  'usher.analytics.batches': {
    kind: 'counter',
    unit: '{batch}',
    description: 'Batches of analytics events that have reached their target',
    attributes: ['sink'],
  },
  'usher.sessions': {
    kind: 'gauge',
    unit: '{session}',
    description: 'Agent sessions by where they stand',
    attributes: ['status'],
  },
  'usher.ready': {
    kind: 'gauge',
    unit: '1',
    description: 'Whether every agent is subscribed and Ready, and the process is not being stopped',
    attributes: [],
  },
} as const satisfies Record<string, MetricDescription>;

export type MetricName = keyof typeof metrics;

/** Names of one kind of metric. */
export type NameOf<Kind extends MetricDescription['kind']> = {
  [Name in MetricName]: (typeof metrics)[Name]['kind'] extends Kind ? Name : never;
}[MetricName];

/** Bounds of the histograms, in seconds: from a greeting at once to a colleague who lets wait. */
export const secondsBounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
