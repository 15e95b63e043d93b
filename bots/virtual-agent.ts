import { fileURLToPath } from 'node:url';
import { type Bot, defineBot } from '../core/index.ts';
import { autoAccept } from '../plugins/auto-accept.ts';
import { openKnowledge } from '../plugins/faq.ts';
import { greeter } from '../plugins/greeter.ts';
import { handOff } from '../plugins/hand-off.ts';
import { typing } from '../plugins/typing.ts';
import { knowledgeBrain } from '../plugins/virtual-agent/knowledge-brain.ts';
import { riveScriptBrain } from '../plugins/virtual-agent/rivescript-brain.ts';
import { type Brain, firstOfBrains, virtualAgent as thinking } from '../plugins/virtual-agent.ts';
import { wrapUp } from '../plugins/wrap-up.ts';

export interface VirtualAgentOptions {
  /** What thinks of the answers. Default: the script and the FAQ of a small shop, which need no network. */
  readonly brain?: Brain;
  /** A template over user data and agent. */
  readonly greeting?: string;
  /** Who takes over what the brain cannot do, by GWS user id. */
  readonly colleague: string;
  /** Milliseconds to wait for the colleague. Default: 30,000. */
  readonly patience?: number;
}

/** Accepts, greets, answers what it is asked, and fetches a colleague when it does not know. */
export function virtualAgent({
  brain = shopBrain(),
  greeting = 'Hello {FirstName|there}, I am {agent.nickname}. What can I do for you?',
  colleague,
  patience,
}: VirtualAgentOptions): Bot {
  return defineBot({
    name: 'virtual-agent',
    handles: ({ kind }) => kind !== 'consultation',
    plugins: [
      autoAccept(),
      greeter({ text: greeting }),
      typing(),
      thinking({ brain, sorry: 'I am not sure about that.' }),
      handOff({
        to: { agentId: colleague },
        within: patience,
        onDrain: true,
        texts: {
          requested: 'One moment please, I ask a colleague to join us.',
          accepted: 'My colleague takes over now. Goodbye, {FirstName|and thank you}!',
        },
        fallback: { text: 'None of my colleagues is free right now. What else can I do for you?' },
      }),
      wrapUp(),
    ],
  });
}

function shopBrain(): Brain {
  const file = (name: string): URL => new URL(`./virtual-agent/${name}`, import.meta.url);
  return firstOfBrains(
    riveScriptBrain({ files: [file('shop.rive')] }),
    knowledgeBrain({ knowledge: openKnowledge([fileURLToPath(file('faq.md'))]) }),
  );
}
