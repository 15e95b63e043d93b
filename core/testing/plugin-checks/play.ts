import { concatMap, delay } from 'rxjs';
import { definePlugin } from '../../bot/define-plugin.ts';
import type { Plugin } from '../../bot/plugin.ts';
import type { Dialect } from '../../dialects/dialect.ts';
import type { UserData } from '../../model/interaction.ts';
import type { Operation } from '../../model/operation.ts';
import type { Service } from '../../session/services.ts';
import { whenState } from '../../streams/operators/when-state.ts';
import { operationText } from '../operation-text.ts';
import type { Customer } from '../scene/customer.ts';
import { Scene, type SceneOptions } from '../scene/scene.ts';
import { VirtualTime } from '../virtual-time.ts';

export interface PluginContractOptions {
  /** What customers say in the checks, in order. Give lines that the plugin reacts to. */
  readonly lines?: readonly string[];
  readonly userData?: UserData;
  /** Plugins that it works with. Default: one that accepts every invitation. */
  readonly beside?: readonly Plugin[];
  readonly services?: readonly Service[];
  /** Default: GWS 8.5.0. */
  readonly dialect?: Dialect;
  /** Promises that are not for this plugin, with the reason. They are left out. */
  readonly except?: Readonly<Record<string, string>>;
}

/** A plugin that is to be checked, with all that the checks leave open. */
export type Subject = Required<Omit<PluginContractOptions, 'except'>> & { readonly plugin: Plugin };

/** Milliseconds that everything a plugin does in answer may take. */
export const quiet = 60_000;
const acceptance = 100;

const accepting = definePlugin({
  name: 'accepting',
  bot:
    () =>
    (interaction, { operations }) =>
      whenState(interaction, 'Invited').pipe(
        delay(acceptance),
        concatMap(() => operations.accept({ once: 'accept' })),
      ),
});

/** Accepts every invitation, and does nothing else. */
export const acceptor = (): Plugin => accepting();

/** A scene with the plugin in the bot. */
export class Play extends Scene {
  readonly #subject: Subject;

  constructor(time: VirtualTime, subject: Subject, options: SceneOptions = {}) {
    const { plugin, beside, services, dialect } = subject;
    super(time, [...beside, plugin], { services, dialect, ...options });
    this.#subject = subject;
  }

  /** A customer in a chat that the agent has accepted, and a minute later. */
  async greeted(name = 'Mia'): Promise<Customer> {
    const customer = this.customer(name, { userData: this.#subject.userData }).joins();
    await this.time.advance(quiet);
    return customer;
  }

  /** The customer says all the lines, the first two in one breath, and all has been answered. */
  async saysAll(customer: Customer): Promise<void> {
    const [first = [], ...rest] = inBreaths(this.#subject.lines);
    for (const breath of [first, ...rest]) {
      if (customer.chat?.isOver) return;
      customer.says(...breath);
      await this.time.advance(quiet);
    }
  }

  /** What the plugin asked for, whatever came of it. */
  get asked(): readonly Operation[] {
    return this.stage.entries.flatMap((entry) =>
      entry.kind === 'operation' && entry.operation.plugin === this.#subject.plugin.name
        ? [entry.operation]
        : [],
    );
  }

  /** What the plugin did in a chat, signs of typing aside. */
  doneIn({ chatId }: { readonly chatId: string }): readonly string[] {
    return this.deeds.flatMap(({ operation }) => {
      const { interactionId, plugin, once: _once, ...request } = operation;
      const isIts = interactionId === chatId && plugin === this.#subject.plugin.name;
      return isIts && operation.name !== 'sendTyping' ? [operationText(request)] : [];
    });
  }
}

/** Plays in a time of its own, and closes everything. */
export function play<Result>(subject: Subject, story: (scene: Play) => Promise<Result>): Promise<Result> {
  return VirtualTime.run(async (time) => {
    const scene = new Play(time, subject);
    try {
      return await story(scene);
    } finally {
      scene.stage.kill();
    }
  });
}

/** What the plugin does in a chat in which all goes well. */
export function usual(subject: Subject): Promise<readonly string[]> {
  return play(subject, async (scene) => {
    const mia = await scene.greeted();
    await scene.saysAll(mia);
    return scene.doneIn(mia);
  });
}

/** The first two lines together: only what comes close together can overtake each other. */
function inBreaths(lines: readonly string[]): readonly (readonly string[])[] {
  return [lines.slice(0, 2), ...lines.slice(2).map((line) => [line])];
}

/** @throws Error that names what was found, and tells what happened. */
export function demand(condition: boolean, found: string, scene: Scene): void {
  if (!condition) throw new Error(`${found}\n\n${scene.chronicle.text}`);
}

/** @throws Error that shows both, if they differ. */
export function demandSame(
  actual: readonly string[],
  usual: readonly string[],
  when: string,
  scene: Scene,
): void {
  if (actual.join('\n') === usual.join('\n')) return;
  const list = (deeds: readonly string[]): string =>
    deeds.length === 0 ? '  (nothing)' : deeds.map((deed) => `  ${deed}`).join('\n');
  throw new Error(
    `${when} it did\n${list(actual)}\nand otherwise it does\n${list(usual)}\n\n${scene.chronicle.text}`,
  );
}
