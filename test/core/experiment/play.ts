import type { Ended, Exposed } from '../../../core/experiment/records.ts';
import type { Plugin } from '../../../core/index.ts';
import { Scene, type SceneOptions } from '../../../core/testing/scene/scene.ts';
import { VirtualTime } from '../../../core/testing/virtual-time.ts';

/** Plays a scene in virtual time to its end. */
export function play(
  plugins: readonly Plugin[],
  scene: (scene: Scene) => Promise<void>,
  options: SceneOptions = {},
): Promise<Scene> {
  return VirtualTime.run(async (time) => {
    const made = new Scene(time, plugins, options);
    try {
      await scene(made);
      await time.settle();
    } finally {
      await made.stage.close();
    }
    return made;
  });
}

/** What the bots have said, in order. */
export const saidBy = ({ deeds }: Scene): readonly string[] =>
  deeds.flatMap(({ operation }) => (operation.name === 'sendMessage' ? [operation.text] : []));

/** What was kept of the chats of an experiment when they began to matter, or ended. */
export const bodiesIn = ({ stage }: Scene, key: string, part: 'chat' | 'end') =>
  stage.kept
    .filter((entry) => entry.key.startsWith(`experiment/${key}/${part}/`))
    .map(({ body }) => body as Exposed & Ended);
