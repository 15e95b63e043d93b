import type { SimulatorClock } from '../clock.ts';
import type { ContactCentre } from '../engine/contact-centre.ts';
import type { Agent } from '../engine/part.ts';
import type { AgentEvent } from '../engine/records.ts';

/** Milliseconds between two lines of a colleague. */
const betweenLines = 800;
/** Milliseconds from the customer's leaving to the end of the colleague's work. */
const wrapUp = 300;

/** Plays the agents that are people at a desk: they answer, speak and finish by themselves. */
export class Colleagues {
  readonly #centre: ContactCentre;
  readonly #clock: SimulatorClock;
  /** Colleague and interaction, once the colleague has begun to speak there. */
  readonly #speaking = new Set<string>();

  constructor(centre: ContactCentre, clock: SimulatorClock) {
    this.#centre = centre;
    this.#clock = clock;
  }

  onEvent(agent: Agent, event: AgentEvent): void {
    const { human } = agent;
    if (human === undefined || event.kind === 'error' || event.kind === 'properties') return;
    if (event.kind === 'lines') {
      if (event.lines.some(({ type, from }) => type === 'ParticipantLeft' && from.type === 'Customer')) {
        this.#clock.after(wrapUp, () => this.#finish(agent, event.interactionId));
      }
      return;
    }
    const { interactionId, state, participants } = event.part;
    const key = `${agent.username} ${interactionId}`;
    if (state === 'Completed' || state === 'Revoked') return void this.#speaking.delete(key);
    if (state === 'Invited' && event.kind === 'state') return this.#answer(agent, interactionId);
    const visible = participants.some(
      ({ userId, visibility }) => userId === agent.id && visibility === 'All',
    );
    if (state === 'Chatting' && visible && !this.#speaking.has(key)) {
      this.#speaking.add(key);
      this.#speak(agent, interactionId, human.says ?? []);
    }
  }

  #answer(agent: Agent, interactionId: string): void {
    const { acceptAfter, refuse } = agent.human ?? { acceptAfter: 'never' as const };
    if (acceptAfter === 'never') return;
    this.#clock.after(acceptAfter, () => {
      this.#centre.perform(
        agent,
        interactionId,
        refuse === true ? { intent: 'reject' } : { intent: 'accept', nickname: agent.firstName },
      );
    });
  }

  #speak(agent: Agent, interactionId: string, lines: readonly string[]): void {
    const [text, ...rest] = lines;
    if (text === undefined) {
      const { leaveAfter } = agent.human ?? {};
      if (leaveAfter !== undefined) this.#clock.after(leaveAfter, () => this.#finish(agent, interactionId));
      return;
    }
    this.#clock.after(betweenLines, () => {
      this.#centre.perform(agent, interactionId, { intent: 'sendMessage', text });
      this.#speak(agent, interactionId, rest);
    });
  }

  #finish(agent: Agent, interactionId: string): void {
    this.#centre.perform(agent, interactionId, { intent: 'finish' });
  }
}
